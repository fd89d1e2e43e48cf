// The emoji names that this workspace knows, and the small palette for reactions.

const NAMES = `
+1 👍|-1 👎|thumbsup 👍|thumbsdown 👎|pushpin 📌|round_pushpin 📍|white_check_mark ✅|heavy_check_mark ✔️|x ❌
eyes 👀|raised_hands 🙌|pray 🙏|tada 🎉|heart ❤️|fire 🔥|warning ⚠️|rotating_light 🚨|red_circle 🔴
large_orange_circle 🟠|orange_circle 🟠|large_yellow_circle 🟡|yellow_circle 🟡|large_blue_circle 🔵
blue_circle 🔵|white_circle ⚪|large_green_circle 🟢|black_circle ⚫|lock 🔒|unlock 🔓|key 🔑|stopwatch ⏱️
timer_clock ⏲️|hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰|clock1 🕐|handshake 🤝|test_tube 🧪
memo 📝|bookmark 🔖|clipboard 📋|page_facing_up 📄|file_folder 📁|paperclip 📎|link 🔗|mag 🔍|bell 🔔|no_bell 🔕
loudspeaker 📢|mega 📣|speech_balloon 💬|question ❓|exclamation ❗|grey_question ❔|bulb 💡|wrench 🔧
hammer_and_wrench 🛠️|gear ⚙️|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊
shield 🛡️|scales ⚖️|globe_with_meridians 🌐|earth_americas 🌎|earth_africa 🌍|earth_asia 🌏|sunrise 🌅
sunny ☀️|crescent_moon 🌙|zzz 💤|wave 👋|ok_hand 👌|clap 👏|muscle 💪|point_up ☝️|point_right 👉|arrow_right ➡️
arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrows_counterclockwise 🔄|repeat 🔁|heavy_plus_sign ➕
heavy_minus_sign ➖|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|construction 🚧|ambulance 🚑|fire_engine 🚒
police_car 🚓|hospital 🏥|phone 📞|telephone_receiver 📞|iphone 📱|computer 💻|email 📧|envelope ✉️
inbox_tray 📥|outbox_tray 📤|package 📦|calendar 📆|date 📅|spiral_calendar_pad 🗓️|bust_in_silhouette 👤
busts_in_silhouette 👥|robot_face 🤖|smile 😄|slightly_smiling_face 🙂|thinking_face 🤔|sob 😭|cry 😢
sweat_smile 😅|rocket 🚀|star ⭐|sparkles ✨|100 💯|checkered_flag 🏁|triangular_flag_on_post 🚩
white_small_square ▫️|small_blue_diamond 🔹|information_source ℹ️|ballot_box_with_check ☑️|recycle ♻️
trophy 🏆|books 📚|book 📖|scroll 📜|seedling 🌱|beetle 🐞|bug 🐛|money_with_wings 💸|credit_card 💳
`;

const BY_NAME = new Map(
  NAMES.trim()
    .split(/[|\n]/)
    .map((pair) => pair.trim().split(" ")),
);

/** What people reach for when they react; 📌 puts a message on the timeline. */
export const PALETTE = [
  "pushpin",
  "white_check_mark",
  "eyes",
  "+1",
  "-1",
  "pray",
  "raised_hands",
  "handshake",
  "warning",
  "rotating_light",
  "question",
  "bulb",
  "stopwatch",
  "memo",
  "mag",
  "link",
  "x",
  "heart",
  "tada",
  "fire",
  "wave",
  "thinking_face",
  "100",
  "robot_face",
];

/** The character for a name, or `:name:` when it is not known. */
export const emoji = (name) => BY_NAME.get(name.split("::")[0]) ?? `:${name}:`;

export const isEmoji = (name) => BY_NAME.has(name.split("::")[0]);

/** [{name, char}] whose names contain `part`. */
export function findEmoji(part, limit = 8) {
  const found = [];
  for (const [name, char] of BY_NAME) {
    if (name.includes(part)) found.push({ name, char });
  }
  return found
    .sort((a, b) => a.name.indexOf(part) - b.name.indexOf(part) || a.name.length - b.name.length)
    .slice(0, limit);
}
