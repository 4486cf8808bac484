use super::super::{Desk, page::Page};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
};

const RULE: &str = "mixed-han";

/// Signs that only one of the two scripts has, in pairs: simplified, traditional.
const PAIRS: &str = "们們这這个個说說时時来來对對会會学學国國为為开開关關门門问問间間见見现現长長样樣听聽让讓从從进進过過还還没沒东東车車马馬话話语語\
读讀书書写寫点點头頭体體声聲泪淚爱愛边邊处處应應当當实實变變觉覺亲親认認记記该該谁誰请請谢謝议議风風飞飛鱼魚鸟鳥电電灯燈无無热熱烟煙贝貝买買\
卖賣钱錢铁鐵银銀钟鐘难難双雙离離灵靈静靜顺順须須领領题題愿願类類顾顧饭飯馆館惊驚龙龍传傳伤傷众眾优優华華单單卫衛县縣发發号號叶葉团團图圖圆圓\
场場块塊坏壞垒壘备備够夠夺奪奋奮妇婦妈媽孙孫宁寧宝寶审審宽寬导導将將尝嘗层層岁歲岂豈岛島帅帥师師帐帳带帶帮幫归歸庄莊库庫庙廟废廢张張弯彎弹彈\
强強录錄忆憶怀懷态態总總恋戀恼惱悬懸惯慣愤憤战戰户戶扑撲执執扩擴扫掃扬揚抚撫抢搶护護报報担擔拥擁择擇挂掛挥揮损損换換据據掷擲摇搖敌敵数數断斷旧舊\
显顯晓曉晒曬暂暫机機杀殺权權条條杨楊极極构構枪槍树樹桥橋检檢楼樓欢歡残殘毕畢气氣汉漢汤湯沟溝泪淚洒灑浅淺测測济濟涛濤润潤涨漲渐漸湿濕满滿滚滾灭滅\
灾災炉爐炼煉烂爛烦煩烧燒犹猶独獨狱獄狮獅猎獵环環现現琐瑣疗療疯瘋皱皺盘盤监監盖蓋着著矿礦码碼砖磚确確礼禮祸禍种種积積稳穩穷窮窃竊竞競笔筆笼籠筑築\
简簡粮糧紧緊纠糾红紅约約级級纪紀纯純纱紗纳納纵縱纷紛纸紙纹紋线線练練组組细細终終经經结結绕繞给給络絡绝絕统統继繼绩績绪緒续續绳繩维維绿綠缓緩编編\
缘緣缝縫缠纏罗羅罚罰罢罷职職联聯聪聰肃肅肠腸肤膚肿腫胀脹胆膽胜勝脏臟脑腦脚腳脸臉舰艦艰艱艺藝节節芦蘆苍蒼苏蘇范範茧繭荐薦荣榮药藥获獲莲蓮萝蘿营營\
蓝藍虏虜虑慮虽雖虾蝦蚀蝕蚁蟻蛮蠻补補装裝规規视視览覽触觸誉譽计計订訂训訓讨討许許论論讲講设設访訪证證评評识識诉訴词詞试試诗詩诚誠诞誕详詳误誤诱誘\
诸諸诺諾课課谅諒谈談谋謀谓謂谨謹谱譜贤賢败敗货貨质質贩販贪貪贫貧购購贯貫贱賤贴貼贵貴贸貿费費贺賀贼賊贿賄资資赌賭赏賞赐賜赔賠赖賴赚賺赛賽赞贊赠贈\
赢贏赵趙趋趨跃躍践踐踪蹤躯軀轨軌转轉轮輪软軟轰轟轻輕载載较較辆輛辈輩辉輝辑輯输輸辞辭边邊辽遼达達迁遷迈邁运運违違连連迟遲迹跡适適选選递遞逻邏遗遺\
邓鄧邮郵邻鄰郑鄭酱醬酿釀释釋针針钉釘钓釣钢鋼钥鑰钻鑽铃鈴铅鉛铜銅铭銘铺鋪链鏈销銷锁鎖锅鍋错錯锐銳锦錦键鍵锻鍛镇鎮镜鏡闪閃闭閉闯闖闲閒闷悶闹鬧闻聞\
阀閥阁閣阅閱阔闊队隊阳陽阴陰阵陣阶階际際陆陸陈陳险險随隨隐隱雾霧霸霸页頁顶頂项項预預频頻颗顆颜顏额額颤顫饥飢饮飲饰飾饱飽饼餅饿餓驱驅驶駛驻駐驼駝\
骂罵骄驕骑騎骗騙鸡雞鸣鳴鸭鴨鸽鴿鸿鴻鹅鵝鹤鶴鹰鷹麦麥齐齊齿齒";
/// So many signs, of so many kinds, are no slip of the pen.
const SIGNS: usize = 5;
const KINDS: usize = 4;

/// A chapter in simplified signs holds a passage in traditional ones, or the other way round.
///
/// What is quoted is none: the sign over a shop, a letter, a line of an old book.
pub(super) fn check(desk: &Desk<'_>, page: &Page<'_>) -> Option<Finding> {
    if desk.tongue != Tongue::Zh {
        return None;
    }
    let table = table();
    let mut simple: Vec<(usize, char)> = Vec::new();
    let mut old: Vec<(usize, char)> = Vec::new();
    for (at, c) in page.told.char_indices().filter(|(_, c)| !c.is_ascii()) {
        match table.binary_search_by_key(&c, |(sign, _)| *sign).map(|place| table[place].1) {
            Ok(false) => simple.push((at, c)),
            Ok(true) => old.push((at, c)),
            Err(_) => {}
        }
    }
    let (few, name) = if simple.len() < old.len() { (simple, "simplified") } else { (old, "traditional") };
    let mut kinds: Vec<char> = few.iter().map(|(_, c)| *c).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if few.len() < SIGNS || kinds.len() < KINDS {
        return None;
    }
    let signs: String = kinds.iter().take(8).collect();
    let message = format!("{} mixes the scripts: {} signs are {name}, such as {signs}.", page.named(), few.len());
    let finding =
        Finding::new(RULE, Severity::Warning, &format!("{name}/{}", page.key()), message, "Write all of it in one script.".into());
    let mut paragraphs: Vec<usize> = few.iter().map(|(at, _)| page.paragraph_at(*at)).collect();
    paragraphs.dedup();
    Some(paragraphs.into_iter().take(8).fold(finding, |finding, number| page.over(finding, page.paragraphs[number].clone())))
}

/// Each sign with whether it is a traditional one, sorted. A sign that both scripts know is none.
fn table() -> Vec<(char, bool)> {
    let signs: Vec<char> = PAIRS.chars().collect();
    let mut table: Vec<(char, bool)> =
        signs.chunks(2).filter(|pair| pair.len() == 2 && pair[0] != pair[1]).flat_map(|pair| [(pair[0], false), (pair[1], true)]).collect();
    // 著 stands in simplified books, too: 著名; so do 范 and 据 in traditional ones.
    table.retain(|(c, _)| !"著着范于云后里余几干台面只松".contains(*c));
    table.sort_unstable();
    table.dedup();
    table
}
