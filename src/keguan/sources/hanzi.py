"""The characters that Chinese text is mostly made of, in both scripts.

A legacy encoding is recognised by what its bytes read as: the right one gives these, a wrong one rare
characters. Everyday words first, then the words of orders, customers, places and names.
"""

from __future__ import annotations

SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已"
    "工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信"
    "表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反"
    "受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权"
    "订单客户商品店铺价格额购买姓名称收货址手机号码省县州街路镇村栋室楼快递送达付款支状态退换优惠券折扣运费备注类别型规格颜色"
    "尺寸男女衣服鞋包食饮酒茶果菜肉鱼味满意差评快慢热冷好吃包装客服微信宝淘京张王李刘陈杨赵黄周吴徐孙朱胡郭林何罗郑梁宋谢唐冯"
    "北京上海广州深圳南杭江苏浙福建湖川重庆河山东陕辽宁吉黑龙云贵甘青新疆藏内蒙古港澳台湾华是否未已无元万件箱盒瓶个台套双"
    "编销售订入库存采供应仓办用品家具技术设备标准级公司消费者小型企业本店会员积分渠道来源注册登录最后首次累计金净利润率"
)
TRADITIONAL = (
    "這個們來為國說時會對過發後種經當沒動面還進樣開實無與長機關點業將兩間問並應戰頭體見產話給門論處義幾認條氣題變總電數報"
    "結務場計資許統區隊決馬書則聽達強難權訂單客戶商品店鋪價額購買稱貨縣鎮棟樓遞狀態運費備註類別規顏張劉陳楊趙黃吳孫鄭謝馮"
    "廣圳蘇慶陝遼寧龍雲貴藏灣華萬雙銷庫採應倉辦標準級費員積渠來錄後計淨潤臺縣號碼愛親東車學從兒樂讓誰請選擇題紅綠藍銀鐵"
    "歐韓備滿評熱飲魚裝寶網際線紙筆貝電腦櫃臥廳傢飾護膚髮訊傳輸檔選項說問題歡還沒聯繫絡們嗎邊裡禮"
)
MARKS = "，。、；：？！“”‘’（）《》【】「」『』—…·～￥％－／＋　０１２３４５６７８９：．"
COMMON = frozenset(SIMPLIFIED + TRADITIONAL + MARKS)


def commonness(text: str) -> float:
    """Share of the characters beyond ASCII that are common in Chinese text, 0 to 1."""
    foreign = [character for character in text if ord(character) > 0x7F]
    return sum(character in COMMON for character in foreign) / len(foreign) if foreign else 0.0
