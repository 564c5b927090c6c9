"""What is said when a file cannot be written."""

WORDS: dict[str, tuple[str, str, str, str]] = {
    "no_folder": (
        "文件夹不存在：{folder}",
        "请先建好文件夹，或换一个位置。",
        "the folder does not exist: {folder}",
        "Make the folder first, or choose another place.",
    ),
    "folder": (
        "这是一个文件夹，不是文件",
        "请写明文件名，例如 结果.xlsx。",
        "this is a folder, not a file",
        "Name a file, for example result.xlsx.",
    ),
    "special": (
        "这不是普通文件（是设备、管道或套接字）",
        "请换一个文件名；要输出到屏幕或管道，就不要写 -o。",
        "this is not a regular file (a device, a pipe or a socket)",
        "Choose another file; to write to the screen or a pipe, leave -o out.",
    ),
    "protected": (
        "文件是只读的",
        "请换一个文件名，或取消文件的只读属性。",
        "the file is read-only",
        "Choose another name, or make the file writable.",
    ),
    "is_input": (
        "输出文件就是输入文件 {input}，写入会毁掉原始数据",
        "请换一个输出文件名。",
        "the output is the input file {input}; writing would destroy it",
        "Choose another name for the output.",
    ),
    "full": (
        "磁盘空间不足（{reason}），原文件未改动",
        "请清理磁盘，或换一个磁盘。",
        "the disk is full ({reason}); the file is as it was",
        "Free some space, or choose another disk.",
    ),
    "scratch_full": (
        "存放临时文件的文件夹 {folder} 所在磁盘空间不足（{reason}），原文件未改动",
        "请清理该磁盘，或用环境变量 TMPDIR 指定另一个磁盘上的文件夹。",
        "the disk of {folder}, the folder for temporary files, is full ({reason}); the file is as it was",
        "Free some space there, or name a folder on another disk in the variable TMPDIR.",
    ),
    "scratch": (
        "存放临时文件的文件夹 {folder} 不能使用（{reason}），原文件未改动",
        "请用环境变量 TMPDIR 指定一个可写的文件夹。",
        "{folder}, the folder for temporary files, cannot be used ({reason}); the file is as it was",
        "Name a folder that can be written to in the variable TMPDIR.",
    ),
    "forbidden": (
        "没有写入权限（{reason}），原文件未改动",
        "请换一个文件夹；如果文件正在 Excel 或 WPS 中打开，请先关闭。",
        "writing is not permitted ({reason}); the file is as it was",
        "Choose another folder; if the file is open in Excel or WPS, close it first.",
    ),
    "name": (
        "文件名无法使用（{reason}）",
        "请换一个较短、没有特殊字符的文件名。",
        "the file name cannot be used ({reason})",
        "Choose a shorter name without special characters.",
    ),
    "failed": (
        "写入失败（{reason}），原文件未改动",
        "请检查磁盘或网络位置后重试，或换一个位置。",
        "writing failed ({reason}); the file is as it was",
        "Check the disk or network place and try again, or choose another place.",
    ),
}
