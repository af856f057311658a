"""Pages with the status 200 that are no article: title and body of each, in the publisher's own frame."""

DEAD_ENDS: tuple[tuple[str, str], ...] = (
    ("页面不存在", "<h2>页面不存在</h2><p>您访问的页面不存在或者已经被删除。</p>"),
    ("404", "<h1>404</h1><p>Nothing here.</p>"),
    ("提示", "<p>抱歉，您要查看的文章已经下线，请返回首页浏览其他内容。</p>"),
    (
        "Page not found",
        "<h1>Oops!</h1><p>It looks like nothing was found at this location. Maybe try a search?</p>",
    ),
    ("稿件已撤", '<div class="tip">该稿件已被编辑撤下。</div><a href="/">回首页</a>'),
    ("迷路了", "<h2>迷路了？</h2><p>您要找的内容飞走了，去首页看看别的吧。</p>"),
    ("信息提示", "<p>对不起，该信息已过期或不存在！</p><p>5秒后自动返回上一页</p>"),
    ("Error", "<h2>Something went wrong</h2><p>We could not find the article you were looking for.</p>"),
    ("文章不存在", "<p>文章不存在</p>"),
    (
        "用户登录",
        '<form action="/login"><p>请登录后继续阅读</p><input name="user"><input type="password"></form>',
    ),
    ("安全验证", '<div id="captcha">请完成安全验证后继续访问，拖动滑块完成拼图。</div>'),
    ("正在加载", '<div id="app"></div><script src="/app.js"></script><noscript>请启用 JavaScript</noscript>'),
    ("图集", '<h1>图集</h1><img src="/1.jpg"><img src="/2.jpg"><img src="/3.jpg">'),
    ("搜索结果", "<p>没有找到与“水务”相关的结果，建议您更换关键词后重试。</p>"),
    ("没有权限", "<h1>没有访问权限</h1><p>您没有权限查看该内容，如有疑问请联系管理员。</p>"),
    ("系统维护", "<h1>系统维护中</h1><p>网站正在升级维护，预计今晚二十二点恢复，给您带来不便敬请谅解。</p>"),
)
