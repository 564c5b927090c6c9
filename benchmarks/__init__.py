"""How fast the product is beside other engines that judge the same awards; `make bench` runs it."""
