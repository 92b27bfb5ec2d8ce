// The library ships this file as an ES module without saying so in its package.json: bundlers read it rightly, the type checker does not.
declare module "antd/es/locale/zh_CN.js" {
  import type { Locale } from "antd/es/locale/index.d.ts";
  const locale: Locale;
  export default locale;
}
