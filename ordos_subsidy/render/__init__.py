"""The formats: each paints one document, and none knows another; shared helpers begin with an underscore."""
