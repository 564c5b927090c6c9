"""Small invented texts and policies, and files that hold a text in each format."""

from __future__ import annotations

import io
import tomllib
from typing import Any

import docx
import pypdf

from ordos_subsidy import audit
from ordos_subsidy.policy.grammar import Document

#: An invented document of two clauses.
TEXT = """港政发〔2030〕7号
灯塔市促进航运发展办法
2030年3月1日
一、航运
（一）壮大船队。对新认定的航运企业，一次性给予最高50万元奖励。对购置新船的单位连续3年、每年给予不低于20万元补助。
（责任单位：市港口局、市财政局）
（二）培养海员。对获评金锚奖的个人给予5万元奖励；对吨位5000万元以上的企业按运费10%给予补贴，最高100万元。
每年安排300万元用于海员培训。（责任单位：市财政局，各区人民政府）
二、附则
本办法自发布之日起10日后施行。
"""

POLICY = """
[policy]
id = "lighthouse-2030-7"
number = "港政发〔2030〕7号"
title = { zh = "灯塔市促进航运发展办法", en = "Shipping" }
name = { zh = "航运办法", en = "Shipping" }
issuer = { zh = "灯塔市人民政府", en = "Lighthouse City" }
dated = 2030-03-01
effective = 2030-03-11
source = "invented"

[fact.form]
of = "firm"
type = "choice"
list = "form"
title = { zh = "单位类型", en = "Type" }
help = { zh = "类型", en = "type" }

[fact.freight]
of = "event"
type = "money"
title = { zh = "运费", en = "Freight" }
help = { zh = "运费", en = "freight" }

[list.form.items]
enterprise = { zh = "企业", en = "enterprise" }
school = { zh = "学校", en = "school" }

[kind.carrier]
title = { zh = "航运企业认定", en = "carrier" }
help = { zh = "认定", en = "recognition" }

[department]
harbour = { zh = "市港口局", en = "Harbour" }
finance = { zh = "市财政局", en = "Finance" }
districts = { zh = "各区人民政府", en = "Districts" }

[[clause]]
number = 1
reference = "（一）"
part = { zh = "航运", en = "Shipping" }
heading = { zh = "壮大船队", en = "Fleet" }
departments = ["harbour", "finance"]
gist.zh = "新认定的航运企业一次性最高奖励50万元；买新船3年、每年不少于20万元。"
gist.en = "New carriers up to CNY 500,000 once; new ships at least CNY 200,000 a year for 3 years."

[[measure]]
id = "1.carrier"
clause = 1
category = "award"
title = { zh = "航运企业奖励", en = "Carriers" }
claims = ["carrier"]
existing = "excluded"
when = { fact = "form", is = "enterprise" }
amount = { up_to = "50万元", once = true }

[[measure]]
id = "1.ship"
clause = 1
category = "award"
title = { zh = "购置新船补助", en = "New ships" }
amount = { at_least = "20万元", years = 3 }

[[clause]]
number = 2
reference = "（二）"
part = { zh = "航运", en = "Shipping" }
heading = { zh = "培养海员", en = "Sailors" }
departments = ["finance", "districts"]
gist.zh = "金锚奖个人5万元；吨位5000万元以上的企业按运费的10%补贴，最高100万元；培训每年300万元。"
gist.en = "Anchors CNY 50,000; firms from CNY 50 million 10% of freight, up to CNY 1 million; training CNY 3 million."

[[measure]]
id = "2.anchor"
clause = 2
category = "award"
title = { zh = "金锚奖个人奖励", en = "Golden anchors" }
recipient = "people"
amount.exactly = "5万元"

[[measure]]
id = "2.freight"
clause = 2
category = "award"
title = { zh = "企业运费补贴", en = "Freight" }
when = { all = [{ fact = "form", is = "enterprise" }, { fact = "freight", at_least = "5000万元" }] }
amount = { share = "10%", of = "freight", cap = "100万元" }

[[measure]]
id = "2.training"
clause = 2
category = "budget"
title = { zh = "海员培训", en = "Training" }
budget = { exactly = "300万元", yearly = true }

[[unclaimed]]
clause = 0
figure = "10日后"
why = "the first day in force"
"""


def parsed(policy: str = POLICY) -> dict[str, Any]:
    """A policy as a table."""
    return tomllib.loads(policy)


def audited(policy: str = POLICY, text: str = TEXT) -> list[audit.AuditFinding]:
    """The findings of a policy against a text."""
    document = Document.model_validate(parsed(policy))
    return list(audit.compare(document, document, audit.split_text(document, text)).findings)


def docx_file(lines: list[str]) -> bytes:
    """A Word file with a paragraph for each line; the last one in a table, in a merged cell."""
    document = docx.Document()
    for line in lines[:-1]:
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = lines[-1]
    return _saved(document.save)


def html_file(lines: list[str]) -> bytes:
    """A page as an office puts it on its site, in GB18030."""
    body = "".join(f"<p>&emsp;<span>{line[:3]}</span>{line[3:]}</p>" for line in lines)
    page = (
        f"<!DOCTYPE html><html><head><title>9万元</title><style>p {{ margin: 9px }}</style></head><body>{body}</body>"
    )
    return f"{page}<script>var rate = '99%'</script></html>".encode("gb18030")


def pdf_file(lines: list[str], *, page_number: int | None = None) -> bytes:
    """A PDF of one page with a text layer, written by hand: signs are UTF-16 codes, and a map says so."""
    shown = "\n".join(f"0 -20 Td <{line.encode('utf-16-be').hex()}> Tj" for line in lines)
    if page_number is not None:
        shown += f"\n0 -20 Td <{f'— {page_number} —'.encode('utf-16-be').hex()}> Tj"
    stream = f"BT /F 12 Tf 50 800 Td\n{shown}\nET"
    same = "/CIDInit /ProcSet findresource begin 1 begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    same += "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end"
    fonts = "/Resources << /Font << /F 5 0 R >> >>"
    song = "/Type /Font /BaseFont /Song"
    system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {fonts} >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        f"<< {song} /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        f"<< {song} /Subtype /CIDFontType2 {system} >>",
        f"<< /Length {len(same)} >>\nstream\n{same}\nendstream",
    ]
    made, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{len(made)}\n%%EOF"
    return f"{made}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def blank_pdf(password: str = "") -> bytes:
    """A PDF without a text layer, or an encrypted one."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return _saved(writer.write)


def _saved(save: Any) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()
