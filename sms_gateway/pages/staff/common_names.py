"""Names that are common in passwords here: provinces and cities, carriers, agencies, banks, clubs, phrases.

Lower case, without accents and blanks. Short ones that are part of ordinary phrases are left out.
"""

from __future__ import annotations

PLACES = (
    "angiang", "bariavungtau", "baria", "vungtau", "bacgiang", "backan", "baclieu", "bacninh", "bentre", "binhdinh",
    "binhduong", "binhphuoc", "binhthuan", "camau", "cantho", "caobang", "daklak", "daclac", "daknong", "dacnong",
    "dienbienphu", "dienbien", "dongnai", "dongthap", "gialai", "hagiang", "hanam", "hatinh", "haiduong", "haiphong",
    "haugiang", "hoabinh", "hungyen", "khanhhoa", "kiengiang", "kontum", "laichau", "lamdong", "langson", "laocai",
    "longan", "namdinh", "nghean", "ninhbinh", "ninhthuan", "phutho", "phuyen", "quangbinh", "quangngai", "quangninh",
    "quangtri", "soctrang", "sonla", "tayninh", "thaibinh", "thainguyen", "thanhhoa", "thuathienhue", "thuathien",
    "tiengiang", "travinh", "tuyenquang", "vinhlong", "vinhphuc", "yenbai", "dalat", "nhatrang", "phanthiet", "halong",
    "buonmathuot", "quynhon", "pleiku", "hoian", "tamky", "donghoi", "dongha", "vietri", "bienhoa", "thuduc", "phuquoc",
    "sapa", "mientrung", "haichau", "thanhkhe", "sontra", "nguhanhson", "lienchieu", "camle", "hoavang", "hoangsa",
    "truongsa", "songhan", "cauvang", "banahills", "bana", "hoguom", "myduc", "dongda", "badinh", "caugiay", "tphcm",
    "tpdanang",
)  # fmt: skip

AGENCIES = (
    "viettel", "mobifone", "mobiphone", "mobi", "vinaphone", "vinafone", "vina", "vietnamobile", "gmobile", "itelecom",
    "itel", "wintel", "vnpt", "telecom", "fpt", "cmc", "hitc", "gapit", "congan", "canhsat", "quandoi", "quocphong",
    "bodoi", "bienphong", "boyte", "yte", "giaoduc", "daotao", "taichinh", "khobac", "haiquan", "cucthue", "chicucthue",
    "baohiemxahoi", "baohiem", "bhxh", "bhyt", "dienluc", "evn", "capnuoc", "buudien", "vnpost", "tuphap", "noivu",
    "toaan", "vienkiemsat", "thanhtra", "xaydung", "giaothong", "vantai", "congthuong", "nongnghiep", "moitruong",
    "tainguyen", "thongtin", "truyenthong", "khoahoc", "congnghe", "laodong", "thuongbinh", "xahoi", "vanhoa",
    "thethao", "dulich", "kehoach", "dautu", "hoidongnhandan", "hoidong", "nhandan", "hdnd", "dangbo", "dangcongsan",
    "doanthanhnien", "congdoan", "cutri", "vneid", "dancu", "hokhau", "cancuoc", "cccd", "thutuc", "benhvien",
    "truonghoc", "daihoc", "trungtam", "tiepdan",
)  # fmt: skip

OFFICES = (
    "bangiamdoc", "giamdoc", "phogiamdoc", "chutich", "phochutich", "bithu", "truongphong", "phophong", "phongkythuat",
    "kythuat", "vanphong", "phong", "ketoan", "ketoantruong", "nhansu", "hanhchanh", "kinhdoanh", "baove", "vanthu",
    "thuky", "chuyenvien", "nhanvien", "congty", "cophan", "tnhh", "tapdoan", "quantri", "quantrivien", "hethong",
    "maychu", "mayban", "dienthoai", "tinnhan", "nguoidung", "taikhoan", "helpdesk", "support", "manager", "director",
    "company", "staff", "backup", "database", "oracle", "cisco", "mikrotik", "linux", "ubuntu", "debian",
)  # fmt: skip

BANKS = (
    "vietcombank", "vietinbank", "agribank", "techcombank", "bidv", "mbbank", "sacombank", "vpbank", "tpbank", "acb",
    "shb", "hdbank", "eximbank", "dongabank", "momo", "vnpay", "shopee", "lazada", "tiki", "vingroup", "vinfast",
    "vinhomes", "vinamilk", "vietnamairlines", "vietjet", "honda", "yamaha", "toyota", "tiktok", "instagram",
)  # fmt: skip

CLUBS = (
    "shbdanang", "hagl", "hoanganhgialai", "hanoifc", "thecong", "songlamnghean", "becamex", "doituyen", "bongda",
    "quanghai", "congphuong", "parkhangseo", "juventus", "intermilan", "acmilan", "milan", "bayern", "munich",
    "dortmund", "tottenham", "mancity", "manutd", "newcastle", "everton", "leicester", "psg", "mbappe", "haaland",
    "neymar", "beckham", "rooney", "cristiano", "atletico", "madrid", "blackpink", "bts", "sontung",
)  # fmt: skip

PHRASES = (
    "hoilamgi", "lamgi", "tuyetvoi", "motconvit", "haiconthanlan", "conmeocon", "conmeo", "concho", "khongnoiduoc",
    "noiduoc", "chuyentinh", "nguoiyeu", "conyeucuame", "meyeu", "bayeu", "vochong", "chongyeu", "voyeu", "anhem",
    "banbe", "thanhcong", "mayman", "phattai", "locphat", "tailoc", "binhan", "sinhnhat", "chucmung", "nammoi",
    "tinhban", "cuocsong", "vuilen", "codon", "buonqua", "nhonhieu", "muonnoi", "thuongem", "thuonganh", "daugau",
    "hoahong", "hoasen", "mattroi", "matrang", "bautroi", "conduong", "quehuong", "tinhdau", "trasua", "caphe",
    "comtam", "phobo", "banhmi", "bunbo", "giaiphong", "tudo", "doclap",
)  # fmt: skip

COMMON_NAMES = (*PLACES, *AGENCIES, *OFFICES, *BANKS, *CLUBS, *PHRASES)
"""All of them, as pieces of a password."""
