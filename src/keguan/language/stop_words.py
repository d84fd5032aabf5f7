"""Words that name no subject: function words, courtesy, and general judgements that fit any subject."""

from __future__ import annotations

_CHINESE = """
的 了 着 过 地 得 和 与 及 或 而 且 但 是 在 有 也 就 都 还 又 再 很 太 更 最 被 把 给 让 使 从 到 向 往 对 对于
关于 由 由于 因 因为 所以 如果 要是 假如 虽然 虽说 尽管 但是 可是 不过 然而 只是 就是 而且 并且 并 以及 或者 还是
于是 因此 那么 然后 接着 首先 其次 最后 总之 我 我们 你 你们 您 他 她 它 他们 她们 它们 咱 咱们 自己 大家 人家 别人
这 那 这个 那个 这些 那些 这样 那样 这种 那种 这里 那里 这儿 那儿 这么 这次 那次 这家 那家 哪 哪个 哪里 哪儿 什么 啥
谁 怎么 怎样 怎么样 如何 为什么 为啥 多少 几 几个 某 某些 各 各种 每 每个 每次 另外 其他 其它 其实 一 二 两 三 四 五
六 七 八 九 十 百 千 万 零 一个 一些 一点 一下 一次 一直 一样 一般 一定 两个 三个 第一 第二 个 只 次 份 块 件 条 点
些 元 钱 天 年 月 日 号 小时 分钟 时候 时间 今天 昨天 明天 今年 去年 现在 刚才 刚刚 之前 之后 以前 以后 后来 当时
最近 目前 中午 晚上 早上 上午 下午 前天 周末 可以 能 能够 会 要 想 应该 需要 可能 必须 不能 不会 不要 不是 没有 没
不 无 未 别 请 吗 呢 吧 啊 呀 哦 嗯 哈 哈哈 哈哈哈 呵呵 嘛 啦 哇 唉 哎 喔 嘿 额 嗯嗯 好的 说 说是 讲 看 看到 看看
觉得 感觉 认为 以为 知道 发现 起来 出来 下来 上来 进来 过来 回来 过去 出去 下去 进去 来说 的话 来 去 做 弄 搞 用 拿
放 叫 问 当 算 像 如 比 比如 例如 等等 等 之 其 此 该 本 所 以 为 于 上 下 里 内 外 中 前 后 左右 之间 方面 情况
东西 事情 事 地方 部分 有点 有些 有的 稍微 比较 非常 特别 真的 真是 真 实在 确实 的确 超 超级 十分 极 相当 完全 根本
简直 居然 竟然 果然 已经 曾经 正在 马上 立刻 仍然 依然 依旧 始终 总是 经常 常常 有时 偶尔 从来 几乎 大概 大约 差不多
至少 最多 只有 只能 只要 仅 才 刚 却 倒 反而 甚至 尤其 不但 不仅 不管 无论 除了 包括 根据 按 按照 通过 随着 跟 同
跟着 连 甭 竟 可 呗 咯 么 嗨 哎呀 家 人 人员 本人 这边 那边 进行 表示 成为 一起 一份 一家 一共 那天 这是 那是 就算
不然 否则 感到 希望 建议 谢谢 感谢 麻烦 多谢 你好 您好 请问 不好意思 对不起 抱歉 结果 还有 全是 都是 不到 不了
是不是 能不能 有没有 我要 直接 基本 基本上 显示 变成 要求 评价 本来 原来 同时 有人 没人 不想 不知道 说好 说好的 开始
完成 确认 还好 这点 那点 这么多 那么多 不用 应当 主要 具体 属于 关键 必要 相关 有关 内容 多次 几次 半天 好久 好几
好几次 个人 朋友 客户 顾客 用户 亲 老板 不得不 想要 想着 一看 打开 收到 送到 送来 送过来 送达 拿到 告诉 不让 块钱
很大 很多 太多 不少 多点 不多 挺多 差点 加上 起码 尽量 变得 越来越 大大 小小 样子 会员 本次 此次 有时候 每天 整个
所有 任何 一切 一家人 完 见 变 太小 太大
"""
CHINESE = frozenset(_CHINESE.split())
# Judgements without a subject; they are what sentiment measures, and would stand in every theme.
_CHINESE_JUDGEMENTS = """
好 很好 挺好 真好 太好了 不错 还不错 很不错 挺不错 好评 差评 满意 很满意 不满意 非常满意 喜欢 很喜欢 不喜欢 推荐
值得 棒 很棒 赞 点赞 给力 可以 还可以 还行 一般 一般般 凑合 差 很差 太差 最差 糟糕 垃圾 失望 坑 坑爹 不好 不太好
不行 无语 差劲 郁闷 支持 五星 好多 开心 高兴 生气 气愤 强烈 极差 恶心 总体 总体来说 整体 总的来说 继续 加油 再来
还会 下次 这次 上次 第一次 太 老 不会 好好 完美 优秀 一如既往 依旧 有问题 没问题 问题 怎么回事 真心 算了 反正 毕竟
还来 可惜 遗憾 幸好 幸亏
绝对
"""
CHINESE_JUDGEMENTS = frozenset(_CHINESE_JUDGEMENTS.split())
# Single characters that name a need by themselves; other single characters are left out.
CHINESE_SINGLE = frozenset(
    "贵慢快咸辣甜酸苦硬软冷凉热烫油腻淡腥脏臭香鲜嫩脆糊焦坏破漏洒撒错晚吵乱挤暗窄薄旧卡重轻紧量菜饭肉汤面米鱼虾鸡鸭蛋粥茶奶酒水"
)
_ENGLISH = """
a an the and or but if then else than that this these those there here i me my mine we us our ours you your yours he
him his she her hers it its they them their theirs who whom whose which what when where why how is am are was were
be been being do does did done doing have has had having will would shall should can could may might must ought need
dare to of in on at by for with about against between into through during before after above below from up down out
off over under again further once only own same so too very just also even still yet already ever always often
sometimes usually really quite rather almost such both each few more most other others some any all every everyone
everything someone something anyone anything nothing none one two three four five six seven eight nine ten first
second third last next another many much several lot lots bit as because since until while although though however
therefore thus hence whether unless except per via upon within without toward towards among across along around
behind beside besides beyond despite plus like unlike get got gets getting go goes going went gone come comes coming
came make makes made making take takes took taken taking give gives gave given giving put puts let lets say says
said saying tell tells told telling ask asks asked asking know knows knew known see sees saw seen seeing want wants
wanted wanting try tries tried trying use used using uses keep keeps kept find finds found think thinks thought feel
feels felt look looks looked seem seems become became show shows showed happen happened happens start started stop
begin began end ended im ive id ill youre youve dont doesnt didnt cant couldnt wont wouldnt isnt wasnt arent werent
havent hasnt hadnt shouldnt thats theres theyre weve hes shes well now today yesterday tomorrow day days week weeks
month months year years time times ago later soon date hour hours minute minutes morning afternoon evening night
thing things way stuff people person guy sir madam dear hello hi hey ok okay yes no not nor never please thank
thanks regards etc eg ie vs mr mrs ms dr re xx xxx xxxx xxxxx able actually anyway back either neither enough far
instead least less long maybe perhaps probably simply together true whole fact point case part due based including
regarding concerning order new old big small provide provides provided providing request requests requested
requesting state states stated stating include includes included forward add adds added contact contacts contacted
contacting send sends sent sending receive receives received receiving attempt attempts attempted require requires
required continue continues continued follow follows followed following allow allows allowed explain explains
explained result results matter concern concerns seek seeking suppose supposed associate associated handle handled
consider considering certain current currently different difference various particular regard respect place placed
write wrote written note noted mention mentioned confirm confirmed advise advised inform informed aware immediately
finally recently previously completely clearly obviously honestly literally fail failed refuse refused needs needed
help helped set turn turned wait hope bring brought move moved leave left remain happening speak spoke talk talked
understand reply replied answer answered question questions situation reason reasons company companies
"""
ENGLISH = frozenset(_ENGLISH.split())
_ENGLISH_JUDGEMENTS = """
good great nice bad poor best worst better worse excellent amazing awesome perfect terrible horrible awful love
loved hate hated like liked happy unhappy satisfied dissatisfied disappointed disappointing recommend recommended
wonderful fantastic ridiculous unacceptable fine decent glad sad sorry unfortunately issue issues problem problems
overall definitely absolutely highly
"""
ENGLISH_JUDGEMENTS = frozenset(_ENGLISH_JUDGEMENTS.split())
CHINESE_ALL = CHINESE | CHINESE_JUDGEMENTS
ENGLISH_ALL = ENGLISH | ENGLISH_JUDGEMENTS
# Function words that name a need when they are denied: 没送到, 没给.
CHINESE_WHEN_DENIED = frozenset(
    ("送到", "收到", "送来", "送达", "拿到", "送", "给", "放", "到", "用", "退", "发")
)
ENGLISH_WHEN_DENIED = frozenset(
    ("receive", "received", "receiving", "help", "helped", "answer", "answered", "reply", "replied", "provide", "provided",
     "send", "sent", "explain", "explained", "contact", "contacted", "allow", "allowed", "show", "start", "understand")
)  # fmt: skip
