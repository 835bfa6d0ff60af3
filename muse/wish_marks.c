/* How people ask for verse: a table of the words that mean something in a prompt. wish_parts.h says what the columns are. Of several
 * patterns that begin at a place the longest is taken, of equals the upper one. A single Chinese character is heard only where no word is
 * being read. */
#include "core/mem.h"
#include "muse/wish_parts.h"

#define MARK(meaning, ...) {.means = MEANS_##meaning, .patterns = __VA_ARGS__}
#define SIGN(meaning, loud, ...) {.means = MEANS_##meaning, .rank = RANK_##loud, .patterns = __VA_ARGS__}
#define SHORT(meaning, longest, ...) {.means = MEANS_##meaning, .most = (longest), .patterns = __VA_ARGS__}
#define QUOTED(meaning, ...) {.means = MEANS_##meaning, .most = WISH_QUOTED, .patterns = __VA_ARGS__}
#define NEAR(chinese, english, ...) {.means = MEANS_FORM, .rank = RANK_NAME, .zh = (chinese), .en = (english), .patterns = __VA_ARGS__}

const struct wish_mark wish_mark_table[] = {
    /* -- what introduces something ------------------------------------------------------------------------------------------------ */
    MARK(TITLE, "以~为题 以~字为题 以~为题目 以~为标题 以~为诗题 以~为诗名 以~为名 以~作题 以~命题 以~作标题 用~为题 用~作题目 "
                "用~做题目 用~作标题 把~作为题目 题目~ 题为~ 题名~ 题作~ 题:~ 题：~ 诗题~ 诗名~ 标题~ 名为~ 名叫~ 取名~ 题目叫~ "
                "标题叫~"),
    MARK(TITLE, "title~ the_title_is~ titled~ entitled~ called~ with_the_title~ under_the_title~ name_it~ call_it~"),
    MARK(TITLE, "~为题 ~为题目 ~为标题 ~为名 ~作题 ~as_the_title ~as_title"),
    QUOTED(TITLE, "题~ 名~ 叫~ 叫做~ named~"),
    MARK(FIRST_LINE, "以~为首句 以~作首句 以~作为首句 以~为第一句 以~作为第一句 以~为起句 以~起句 以~起首 以~开头 以~为开头 "
                     "以~作为开头 以~开篇 以~打头 以~起头 用~开头 用~起头 用~作首句 用~做首句 用~作第一句 用~做第一句 用~起句 首句~ "
                     "首句用~ 起句~ 起句用~ 第一句~ 第一句用~ 第一句写~ 第一行~ 开头一句~ 开头~ 开篇~"),
    MARK(FIRST_LINE, "begin_your_poem_with~ begin_your_poem_with_the_line~ begin_the_poem_with~ begin_the_poem_with_the_line~ "
                     "begin_it_with~ start_your_poem_with~ start_the_poem_with~ start_it_with~ starting_with~ starts_with~ "
                     "start_with~ beginning_with~ begins_with~ begin_with~ opening_with~ opens_with~ open_with~ starting_from~ "
                     "first_line~ the_first_line_is~ opening_line~ with_the_first_line~ whose_first_line_is~ starting_with_the_line~ "
                     "starts_with_the_line~ start_with_the_line~ beginning_with_the_line~ begins_with_the_line~ begin_with_the_line~ "
                     "opening_with_the_line~ starting_with_the_words~ beginning_with_the_words~"),
    MARK(FIRST_LINE, "~为首句 ~作首句 ~为第一句 ~为起句 ~起句 ~开头 ~为开头 ~起头"),
    QUOTED(FIRST_LINE, "beginning~ starting~ opening~ begins~ starts~"),
    /* An acrostic is a sign of verse by itself. */
    SIGN(ACROSTIC, ORDER, "以~写#首藏头诗 以~作#首藏头诗 以~为题写#首藏头诗 用~写#首藏头诗 用~作#首藏头诗 用~写首藏头诗 "
                          "以~写首藏头诗 给~写#首藏头诗"),
    SIGN(ACROSTIC, NAME, "以~为藏头 以~作藏头 以~作为藏头 以~藏头 以~为头 以~为句首 以~为首字 以~字开头 以~字起头 以~字打头 "
                         "用~字开头 用~字起头 用~藏头 用~作藏头 用~做藏头 把~藏在 把~藏进 将~藏在 将~藏进 藏头诗~ 藏头~ 藏头字~ "
                         "藏头用~ 藏头内容~ 每句首字~ 每句的首字~ 每句开头~ 每句第一个字~ 每句的第一个字~ 各句首字~ 句首字~ 句首~ "
                         "首字~"),
    SIGN(ACROSTIC, NAME, "acrostic~ acrostic_poem~ acrostic_on~ acrostic_of~ acrostic_for~ acrostic_from~ acrostic_with~ "
                         "acrostic_using~ acrostic_spelling~ acrostic_that_spells~ acrostic_on_the_word~ acrostic_of_the_word~ "
                         "acrostic_for_the_word~ acrostic_with_the_word~ acrostic_on_my_name~ acrostic_of_my_name~ "
                         "acrostic_for_my_name~ acrostic_from_my_name~ acrostic_with_my_name~ acrostic_using_my_name~ "
                         "acrostic_poem_on~ acrostic_poem_of~ acrostic_poem_for~ acrostic_poem_with~ acrostic_poem_spelling~ "
                         "acrostic_poem_for_the_word~ acrostic_poem_on_the_word~ acrostic_verse_on~"),
    QUOTED(ACROSTIC, "藏~ 嵌~ 藏入~"),
    MARK(ACROSTIC, "spell~ spelling_out~ spelling~ spells_out~ spells~ spell_out~ the_first_letters_spell~ first_letters_spell~ "
                   "whose_first_letters_spell~ first_letters~ initials~"),
    SIGN(ACROSTIC, NAME, "~藏头诗 ~藏头 ~的藏头诗 ~为藏头 ~作藏头 ~acrostic"),
    SHORT(RHYME, 4, "押~韵 押~字韵 以~为韵 以~字为韵 以~为韵脚 以~作韵脚 以~字作韵脚 以~字为韵脚 用~为韵 用~作韵脚 用~字作韵脚"),
    SHORT(RHYME, 3, "押~"),
    SHORT(RHYME, 2, "用~韵 用~字韵 依~韵 限~韵 限~字韵"),
    MARK(RHYME, "韵脚~ 韵脚用~ 韵脚押~ 韵用~ 韵为~ 韵部~ 韵字~ 押韵用~ 押的韵~ 韵：~ 韵:~ ~韵 ~字韵 ~为韵 ~为韵脚"),
    MARK(RHYME, "rhyme_with~ rhymes_with~ rhyming_with~ rhymed_with~ rhyme_on~ rhymes_on~ rhyming_on~ rhymed_on~ rhyme_word~ rhyme:~ "
                "rhymes:~ to_rhyme_with~"),
    /* The groups of 平水韻, which need no more than their name. */
    MARK(RHYME, "东韵 冬韵 江韵 支韵 微韵 鱼韵 虞韵 齐韵 佳韵 灰韵 真韵 文韵 元韵 寒韵 删韵 先韵 萧韵 肴韵 豪韵 歌韵 麻韵 阳韵 庚韵 "
                "青韵 蒸韵 尤韵 侵韵 覃韵 盐韵 咸韵"),
    MARK(RHYME, "一东韵 二冬韵 三江韵 四支韵 五微韵 六鱼韵 七虞韵 八齐韵 九佳韵 十灰韵 十一真韵 十二文韵 十三元韵 十四寒韵 十五删韵 "
                "一先韵 二萧韵 三肴韵 四豪韵 五歌韵 六麻韵 七阳韵 八庚韵 九青韵 十蒸韵 十一尤韵 十二侵韵 十三覃韵 十四盐韵 十五咸韵"),
    MARK(THEME, "跟~有关 和~有关 与~有关 同~有关 跟~相关 和~相关 与~相关 关于~ 有关~ 围绕~ 主题~ 主题为~ 题材~ 内容~ 内容关于~ "
                "关键词~ 包含~ 含有~ 带有~ 其中有~ 以~为主题 以~作为主题 以~作主题 以~为主旨 以~为题材 以~为内容 以~为背景 以~为灵感 "
                "以~为意象 以~结尾 以~字结尾 以~字收尾 以~结束 以~收尾 用~结尾"),
    MARK(THEME, "about~ regarding~ concerning~ inspired_by~ on_the_theme_of~ on_the_subject_of~ on_the_topic_of~ theme~ "
                "the_theme_is~ subject~ topic~ keywords~ keyword~ describing~ depicting~ celebrating~ praising~ explaining~ "
                "mentioning~ containing~ including~ with_the_name~ with_the_word~ with_the_words~ using_the_word~ using_the_words~ "
                "ending_with~ ends_with~ last_line~"),
    QUOTED(THEME, "有~ 写~ 用~ 把~"),
    MARK(STYLE, "模仿~ 仿照~ 模仿~的风格 模仿~的口吻 仿~的风格 以~的风格 以~的口吻 用~的风格 用~的口吻 学~的风格 按~的风格 "
                "in_the_style_of~ in_the_manner_of~ in_the_voice_of~ after_the_manner_of~"),

    /* -- poems -------------------------------------------------------------------------------------------------------------------- */
    NEAR("zayan", "free", "现代诗 现代诗歌 新诗 白话诗 散文诗 朦胧诗 自由体 自由体诗 歌词 歌 歌曲 童诗 儿童诗 曲 元曲 散曲 小曲 小调"),
    NEAR("zayan", "free", "modern_poem modern_poetry modern_verse free_form_poem free_form prose_poem spoken_word rap lyrics "
                          "song_lyrics"),
    NEAR("zayan", "free", "不押韵 不要押韵 不用押韵 无韵 unrhymed unrhymed_poem unrhymed_lines without_rhyme without_rhymes "
                          "that_does_not_rhyme no_rhyme"),
    NEAR("zayan", "ballad", "民歌 童谣 儿歌 摇篮曲 号子 song lullaby nursery_rhyme sea_shanty shanty carol folk_song"),
    NEAR("qijue", "limerick", "打油诗 顺口溜"),
    NEAR("qijue", "quatrain", "四行 四行诗 rubai rubaiyat ruba'i elegiac_stanza rhyme"),
    NEAR("qijue", "couplet", "对联 楹联 春联 对子 双行诗 双行 对句 epigram proverb"),
    NEAR("zayan", "quatrain_aabb", "clerihew"),
    NEAR("zayan", "couplets", "ghazal ghazals 加扎勒 heroic_epistle"),
    NEAR("zayan", "villanelle", "pantoum triolet rondeau rondel ballade_royal"),
    NEAR("zayan", "blank", "sestina monologue dramatic_monologue soliloquy"),
    NEAR("zayan", "sonnet", "terza_rima sonnet_sequence crown_of_sonnets"),
    NEAR("wujue", "haiku", "tanka senryu cinquain 短歌 川柳 汉俳"),
    NEAR("qigu", "couplets", "ode 颂 颂歌 颂诗 赋 赞歌"),
    NEAR("wugu", "quatrain", "elegy 挽歌 哀歌 悼词 悼亡诗 挽诗"),
    NEAR("qipai", "blank", "长诗 长篇诗 史诗 叙事诗 long_poem epic epic_poem narrative_poem"),
    /* Tunes that are not there: the nearest in length and in the tone of the rhyme. */
    NEAR("huanxisha", NULL, "词 宋词 填词 写词 首词 阕词 阙词 曲子词 小词 采桑子 丑奴儿 阮郎归 诉衷情 眼儿媚 武陵春 摊破浣溪沙 "
                            "巫山一段云"),
    NEAR("rumengling", NULL, "小令 天净沙 调笑令 十六字令 苍梧谣 归字谣"),
    NEAR("yijiangnan", NULL, "渔歌子 捣练子 相见欢 乌夜啼 长相思 潇湘神 南歌子"),
    NEAR("zhegutian", NULL, "中调 西江月 浪淘沙 浪淘沙令 南乡子 临江仙 一剪梅 定风波 破阵子 江城子 江神子 小重山 唐多令 行香子"),
    NEAR("busuanzi", NULL, "点绛唇 生查子 霜天晓角 好事近 谒金门 忆秦娥"),
    NEAR("dielianhua", NULL, "踏莎行 渔家傲 苏幕遮 青玉案 钗头凤 玉楼春 木兰花 鹊桥仙 醉花阴 天仙子 千秋岁 离亭燕"),
    NEAR("shuidiaogetou", NULL, "长调 慢词 扬州慢 望海潮 八声甘州 六州歌头 高阳台 木兰花慢 汉宫春 凤凰台上忆吹箫"),
    NEAR("manjianghong", NULL, "念奴娇 永遇乐 贺新郎 摸鱼儿 雨霖铃 声声慢 水龙吟 桂枝香 兰陵王 齐天乐"),
    SIGN(VERSE, NAME, "诗 诗歌 诗歌颂 诗歌唱 诗词 诗篇 诗句 诗作 小诗 短诗 古诗 古诗词 古典诗 古典诗词 古典诗歌 旧体诗 近体诗 近体 "
                      "格律诗 唐诗 唐诗宋词 韵文"),
    SIGN(VERSE, NAME, "poem new_poem poetry verse rhymes poesy stanza lyric lyric_poem rhyming_lines rhymed_lines rhyming_poem "
                      "rhyming_verse metrical_verse"),
    SIGN(VERSE, HINT, "lines some_lines a_few_lines a_line"),
    SIGN(VERSE, ORDER, "写诗 作诗 赋诗 吟诗 题诗 做诗 和诗 写首 来首 作首 做首 赋首 填首 整首 给首 吟首 编首 写阕 填阕 以诗 用诗 "
                       "用诗歌 首诗 in_verse in_rhyme in_rhymes in_poetry in_poem_form as_poetry as_verse"),
    SIGN(COUNT, ORDER, "#首 #首诗 #首小诗 #首诗歌 #阕 #阙 写#首 作#首 来#首 做#首 填#首 赋#首 吟#首 编#首 给#首 出#首 题#首 求#首 "
                       "要#首 创作#首 填#阕 写#阕 #_poems #_pieces_of_verse"),
    MARK(ORDER, "write write_me write_us write_up compose compose_me create create_me make_a make_an make_me make_us give_me give_us "
                "i_want i_need i'd_like i_would_like i’d_like generate draft pen sing sing_me show_me tell_me_a tell_me_an produce "
                "craft"),
    MARK(NUMBER, "#"),
    SIGN(LINES, NAME, "#句 #句诗 #行 #行诗 #_lines #_line #-line #_line_poem #-line_poem"),
    SIGN(FIVE, NAME, "五言 五言诗 五字诗 五字一句 每句五字 每句五个字 每行五字"),
    SIGN(SEVEN, NAME, "七言 七言诗 七字诗 七字一句 每句七字 每句七个字 每行七字"),
    MARK(LEVEL, "平声韵 押平声韵 用平声韵 押平声 平韵 用平韵 押平韵 level_rhyme level_tone_rhyme level_rhymes in_level_tones"),
    MARK(OBLIQUE, "仄声韵 押仄声韵 用仄声韵 押仄声 仄韵 用仄韵 押仄韵 入声韵 押入声韵 用入声韵 押入声 oblique_rhyme "
                  "oblique_tone_rhyme oblique_rhymes"),
    MARK(AGAIN, "再来一首 再来首 再写一首 再写首 再作一首 再做一首 再来一个 再来一篇 再来一遍 再来一次 再来一阕 再写一遍 再写一个 "
                "再一首 再来 另写一首 另来一首 另一首 换一首 换首 换一个 重写一首 重写 重来 重新写 再试一次 换个形式 换种形式 "
                "换一种形式 换个体裁 换个题目 换个主题 换一个主题 换成 改成 改为 再写 再写写 同题 同题目 同一题目 还要一首 同样的 "
                "再给我一首 再给一首"),
    MARK(AGAIN, "another_one another one_more one_more_time again once_more once_again same_again the_same_again try_again "
                "do_another do_it_again make_it write_it put_it turn_it_into rewrite_it redo_it instead and_now and_now_about "
                "how_about what_about shorter longer sadder happier more_like_this more_like_that one_like_that"),
    MARK(GO_ON, "续写 接着写 接着 继续写 继续 往下写 接下去 写下去 续下去 对出下句 对出下联 对出下一句 对下一句 接下句 接下一句 "
                "下一句 下句 下联 对下句 对下联 再来一句 再来两句 再来几句 再来#句 再写一句 再写两句 再写几句 再写#句 续一句 续两句 "
                "续几句 续#句 续上 续完 续诗 接一句 接两句 接几句 接#句 接诗 接龙 联句 补全 补完 把诗写完 写完它 完成这首诗"),
    MARK(GO_ON, "continue continuing continue_the_poem continue_this_poem continue_this carry_on go_on keep_going keep_writing "
                "next_line next_lines the_next_line the_next_lines add_a_line add_a_stanza another_line another_stanza finish_this "
                "finish_the finish_it complete_this complete_the complete_it more_please more_lines more"),

    /* -- in what ------------------------------------------------------------------------------------------------------------------ */
    MARK(IN_ENGLISH, "用英文 用英语 英文版 英语版 in_english"),
    SIGN(IN_ENGLISH, NAME, "英文诗 英语诗 英诗 英文诗歌 英语诗歌 英文小诗 英文的诗 英语的诗 english_poem english_verse"),
    MARK(IN_CHINESE, "用中文 用汉语 用国语 用华语 中文版 in_chinese in_mandarin in_classical_chinese"),
    SIGN(IN_CHINESE, NAME, "中文诗 中文诗歌 中文的诗 汉语诗 chinese_poem chinese_verse chinese_poetry chinese_quatrain "
                           "classical_chinese_poem classical_chinese_verse classical_chinese_quatrain tang_poem tang_poetry "
                           "tang_verse tang_style_poem tang_dynasty_poem"),
    MARK(SIMPLIFIED, "用简体字 用简体 用简体中文 简体字 简体中文 简体 in_simplified_chinese in_simplified_characters "
                     "simplified_chinese simplified_characters in_simplified"),
    MARK(TRADITIONAL, "用繁体字 用繁体 用繁体中文 繁体字 繁体中文 繁体 用正体字 正体字 正体中文 in_traditional_chinese "
                      "in_traditional_characters traditional_chinese traditional_characters in_traditional"),

    /* -- what lies beyond --------------------------------------------------------------------------------------------------------- */
    SIGN(PROSE, NAME, "论文 作文 散文 随笔 杂文 议论文 记叙文 报告 邮件 简历 演讲稿 发言稿 讲稿 新闻 新闻稿 广告 广告词 广告语 文案 "
                      "说明书 计划书 策划书 方案 日记 书信 信件 #封 情书 #篇文章 评论 书评 影评 读后感 读书笔记 笔记 观后感 博客 "
                      "推文 小红书 合同 通知 公告 检讨 检讨书 申请书 自我介绍 大纲 提纲 教案 摘要 总结 #字左右 #字以上 #字以内 "
                      "#字的文章 #字作文 文言文"),
    SIGN(PROSE, HINT, "文章 描述 描述一下 介绍 介绍一下 说明 叙述 阐述 论述 讨论 探讨 评价 一段话 一段文字 段落 #段话"),
    SIGN(PROSE, TASK, "谈谈 说说 聊聊 讲讲 谈一谈 讲一讲 聊一聊 说一说 讲解"),
    SIGN(PROSE, NAME, "essay article report letter email e-mail blog blog_post memo speech press_release newsletter advert "
                      "advertisement slogan resume cover_letter summary abstract outline thesis dissertation paragraph paragraphs "
                      "research_paper term_paper diary recipe product_description tweet biography review_of business_plan "
                      "lesson_plan meal_plan proposal agenda checklist to-do_list tell_me_about"),
    SIGN(PROSE, HINT, "describe"),
    SIGN(STORY, NAME, "小说 短篇小说 长篇小说 中篇小说 微小说 剧本 话剧 童话 寓言 短篇 讲故事 讲个故事 讲一个故事 编故事 编个故事 "
                      "编一个故事 写故事 写个故事 写一个故事 睡前故事 科幻小说 武侠小说"),
    SIGN(STORY, HINT, "故事 传奇"),
    SIGN(STORY, NAME, "story short_story tale novel novella fable fairy_tale fanfic fan_fiction fiction screenplay movie_script "
                      "stage_play bedtime_story"),
    SIGN(ANSWER, TASK, "什么是 什么叫 是什么 何谓 为什么 怎么 怎么样 怎么写 怎么作 怎样 怎样写 如何 如何写 怎么办 多少钱 多少 是谁 "
                       "谁是 谁写 谁写了 谁写的 你是谁 在哪 哪里 哪个 哪些 哪一 几点 几岁 多大 多久 什么意思 什么时候 的意思 赏析 "
                       "鉴赏 分析 解释一下 解释这 解析 列出 列举 推荐 比较 计算 证明 求解 点评 取名 取个名字 取一个名字 起名 "
                       "起个名字 改一下 改改 背诵 默写 修改 润色 改写 区别 有什么 #句话 总结一下 概括 出自 作者是"),
    SIGN(ANSWER, HINT, "笑话 吗 解释 什么 谁 告诉我 你好 您好 早安 晚安 你会做 你会什么 你能做 你能干 你叫什么 帮助 问题 请问 "
                       "天气预报"),
    SIGN(ANSWER, NAME, "what_is what_are what_was what_were what_does what_do what_did what_can what_makes what's what’s who_is "
                       "who_are who_was who_wrote who's why how_to how_to_write how_do how_do_i_write how_does how_can "
                       "how_can_i_write how_many how_much how_is how_are how_did how_far how_long how_old when_did when_was when_is "
                       "when_does where_is where_are where_was explain define summarize summarise analyze analyse compare_the "
                       "compare_these compare_and list_the list_all list_some list_ten list_five calculate solve prove recommend "
                       "suggest proofread rewrite revise improve_this correct_this which_is can_you_explain tell_me_how tell_me_why "
                       "tell_me_what do_you_know the_meaning_of"),
    SIGN(ANSWER, HINT, "a_joke tell_me_a_joke help help_me hello hi hey hi_there hello_there good_morning thanks thank_you are_you "
                       "do_you can_you could_you will_you is_there are_there is_it does_it"),
    SIGN(CODE, TASK, "代码 编程 函数 算法 网页 网站 正则表达式 写程序 写个程序 写一个程序 程序 脚本 数据库"),
    SIGN(CODE, NAME, "python java javascript typescript html css sql json c++ rust golang bash code function script algorithm regex "
                     "website web_page computer_program source_code unit_test #_lines_of_code lines_of_code"),
    SIGN(TRANSLATION, TASK, "翻译 翻译成 翻译为 翻译成英文 翻译成英语 翻译成中文 翻译成汉语 译成 译成英文 译成中文 译为 译文 英译 "
                            "汉译"),
    SIGN(TRANSLATION, MANY, "翻译#首 翻译#首诗 翻译这首 翻译这首诗 翻译下面"),
    SIGN(TRANSLATION, NAME, "translate translation translation_of"),
    SIGN(MANY, MANY, "组诗 #组诗 诗集 系列诗 sonnet_cycle a_series_of_poems a_collection_of_poems a_book_of_poems some_poems "
                     "many_poems more_poems"),

    /* -- what parts and fills ----------------------------------------------------------------------------------------------------- */
    MARK(JOINT, "的 in using with as"),
    SIGN(JOINT, ORDER, "in_a in_an as_a as_an in_the_form_of in_the_form_of_a in_the_form_of_an in_form_of into_a into_an 写成 变成"),
    MARK(AND, "和 与 跟 及 以及 或 或者 还有 之"),
    /* Words that hold a mark and do not mean it. */
    MARK(WORD, "和平 平和 温和 柔和 和谐 和风 祥和 和尚 目的 诗意 诗经 诗仙 诗圣 诗情 诗情画意 诗魂 诗酒 山歌 渔歌 牧歌 歌手 凯歌 "
               "歌谣 词语 曲折 曲线 曲径 歌舞 未来 来生 来世 归来 想象 想家 想念 想起 梦想 理想 有情 有情人 为你 以为 用心 是非 给予 "
               "我们 千古 风流 及时 及时雨 参与 与世无争 美好 问答 颂扬 写意 天赋 赋予 论语 丝绸之路 江南好风光"),
    MARK(NOTHING, "求 请 请你 请您 会写 能写 会不会写 帮我 帮忙 给我 为我 替我 麻烦 麻烦你 可以 可不可以 能不能 能否 可否 你能不能 "
                  "你可以 我想要 我要 我需要 希望 我希望 想要 想 想看 想听 要 需要 你 您 我 他 她 给 为 替 帮 让 使"),
    MARK(NOTHING, "写 写写 写一个 写个 写一下 写出 写下 写点 写篇 写一篇 写段 写一段 写给 写上 作出 创作 创作一篇 生成 编写 撰写 "
                  "谱写 来 来个 来点 来一个 来篇 来一篇 来段 来一段 吟 吟咏 咏 歌咏 歌颂 赞美 赞颂 描写 描绘 抒发 表达 表现 抒写 "
                  "书写 感叹 咏叹 献给 送给 赠给 致 一下 一个 一篇 一段 一些 一点 一种 一份 一副 #篇 #段 #份 #副 #字的 今天 现在"),
    MARK(NOTHING, "优美 优美的 美妙的 动人的 好听的 好的 有意境 有意境的 短的 短小的 简单的 简短的 原创 原创的 要求 其中 其中要 里面 "
                  "里面要 格式 格式为 形式 体裁 体裁为 体裁是 风格 风格的 词牌 词牌名 词牌为 词牌用 诗体 格律 平水韵 用平水韵 "
                  "押平水韵 押韵 要押韵 古韵 用古韵 新韵 用新韵 中华新韵 用中华新韵 词林正韵 用词林正韵 合格律 符合格律 合平仄 平仄 "
                  "对仗 工整 反映 讲述 诉说 论 题 这句诗 这句 这两句 按 按照 根据 以 用 使用 采用 在 是 有 把 将 并 并且 且 然后 也 "
                  "还 还要 都 就 这 那 这个 那个 这首诗 这首 那首诗 那首 这诗 好吗 行吗 好不好 谢谢 多谢 试试 自己 感觉 意境 心情 "
                  "情感 喜欢 意象 #个意象 等意象 名字 名字叫 名字是 应用 影响 意义 方面 方法 情况 主题 内容 一句 全诗 全篇"),
    MARK(NOTHING, "a an the of on at to for from by and or but if then than so that this these those there here it its it's it’s is "
                  "are was were be been being am do does did done have has had having will would shall should may might must not i "
                  "i'm i’m me my mine we us our ours you your yours he him his she her hers they them their theirs who whom whose "
                  "which what when where while how all any both each every few most some such only own same too very just also can "
                  "could about_it upon into onto over under through between within without against toward towards up down out off "
                  "as_well like"),
    MARK(NOTHING, "please pls kindly let's let’s let something anything nice good great beautiful lovely short long brief simple "
                  "original classic classical traditional style form format rhymed rhyming rhyme_scheme scheme meter metre metrical "
                  "feet iambic trochaic type kind piece bit want need get looking use tell contains prints name following #_word "
                  "#_words #-word"),
};
const int wish_mark_count = COUNT_OF(wish_mark_table);
