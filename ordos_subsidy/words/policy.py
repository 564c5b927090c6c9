"""What is said of policy files: their mistakes and how to mend them."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, str, str]] = {
    "unknown-key": (
        "没有“{key}”这一项",
        "{hint}可用：{known}",
        "there is no key '{key}' here",
        "{hint}known here: {known}",
    ),
    "missing-key": (
        "缺少“{key}”",
        "请补上该项",
        "'{key}' is missing",
        "add it",
    ),
    "invalid": (
        "内容不合规则：{detail}",
        "请按 policies.schema.json 修改",
        "not valid: {detail}",
        "see policies.schema.json for what may stand here",
    ),
    "undeclared": (
        "“{name}”没有在 [{table}] 中声明",
        "{hint}请先声明，或改正写法",
        "'{name}' is not declared in [{table}]",
        "{hint}declare it or correct the spelling",
    ),
    "duplicate": (
        "“{name}”出现了两次（另见 {other}）",
        "请改名或删除其一",
        "'{name}' stands twice (also at {other})",
        "rename or remove one",
    ),
    "not-comparable": (
        "“{fact}”（{type}）不能用 {comparison} 比较",
        "可用：{known}",
        "'{fact}' ({type}) cannot be compared with {comparison}",
        "use one of: {known}",
    ),
    "bad-value": (
        "“{value}”不是“{fact}”的值：{detail}",
        "{remedy}",
        "'{value}' is no value of '{fact}': {detail}",
        "{remedy}",
    ),
    "event-fact": (
        "“{fact}”是申报事项的字段，按单位信息判断的条款不能使用",
        "请改用单位信息的字段，或把 claims 改为事项",
        "'{fact}' belongs to events, but this measure looks at a firm's accounts",
        "use a fact of the firm, or let the measure claim events",
    ),
    "not-money": (
        "“{fact}”不是金额字段",
        "金额只能按金额字段计算",
        "'{fact}' is not a money fact",
        "an amount can be a share of a money fact only",
    ),
    "needs": (
        "{category} 类措施需要 {what}",
        "请补上该项",
        "a measure of category {category} needs {what}",
        "add it",
    ),
    "must-not": (
        "{category} 类措施不能有 {what}",
        "请删除该项",
        "a measure of category {category} cannot have {what}",
        "remove it",
    ),
    "role": (
        "{table} 需要且只能有一个 role = \"{role}\" 的字段",
        "请在 [fact.*] 中标明",
        "the facts of {table} need one and only one with role = \"{role}\"",
        "mark it in [fact.*]",
    ),
    "unused-kind": (
        "事项“{name}”没有任何措施使用",
        "请在某项措施的 claims 中引用，或删除",
        "the kind of event '{name}' is claimed by no measure",
        "name it in a measure's claims or remove it",
    ),
    "too-fine": (
        "比例 {share} 太细",
        "最多到万分之一",
        "the share {share} is too fine",
        "use at most a hundredth of a percent",
    ),
    "examples": (
        "缺少结论为 {verdict} 的例子，或例子没有写明金额",
        "每项奖补至少要有 yes、no、unknown 三个例子，yes 写明 low 和 high，unknown 写明 high",
        "an example with verdict {verdict} is missing or does not state its amount",
        "each award needs examples for yes (with low and high), no, and unknown (with high)",
    ),
    "overlay": (
        "该文件修改的是政策“{wanted}”，而基础政策是“{base}”",
        "请用 --policies 先给出“{wanted}”的文件",
        "this file changes the policy '{wanted}', but the base policy is '{base}'",
        "give the file of '{wanted}' first, with --policies",
    ),
    "two-bases": (
        "“{id}”和“{base}”都是独立的政策，一次只能用一个",
        "修改文件请在 [policy] 写 overlays = \"{base}\"",
        "'{id}' and '{base}' are both policies of their own; use one at a time",
        "a file that changes another says overlays = \"{base}\" in [policy]",
    ),
    "not-toml": (
        "政策文件应为 TOML 文本，此文件是 {kind}",
        "请给出 policies.toml 这样的文件",
        "a policy file is TOML text; this one is {kind}",
        "give a file such as policies.toml",
    ),
    "not-found": (
        "找不到内置的 policies.toml",
        "请重新安装，或用 --policies 指明政策文件",
        "the built-in policies.toml is missing",
        "install again, or name a policy file with --policies",
    ),
    "example-failed": (
        "例子“{says}”应为 {wanted}，实际为 {got}",
        "请修改规则或例子",
        "the example '{says}' should give {wanted} but gives {got}",
        "mend the rule or the example",
    ),
}
