"""Scrapy's settings for every crawl; ``-s NAME=VALUE`` changes one.

Only what differs from Scrapy's defaults, and our own (``TAOSHA_...``) at the end.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

from scrapy.settings import default_settings

try:
    _VERSION = version("taosha")
except PackageNotFoundError:
    _VERSION = "0"

BOT_NAME = "taosha"
SPIDER_MODULES = ["crawler.spiders"]
SPIDER_LOADER_CLASS = "crawler.spiders.loader.SourceSpiderLoader"
SCHEDULER = "crawler.scheduler.FrontierScheduler"
ITEM_PIPELINES = {"crawler.pipelines.IngestPipeline": 500}

TAOSHA_CONTACT = os.environ.get("TAOSHA_CONTACT", "")
"""A URL or mail address for those who run the sites that we visit; part of the user agent."""
USER_AGENT = f"taosha/{_VERSION}" + (f" (+{TAOSHA_CONTACT})" if TAOSHA_CONTACT else "")
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,zh-TW;q=0.8,en;q=0.5",
}

# Nothing listens, nothing but HTTP is spoken, no proxy is taken from the environment
# (behind a proxy the address check would judge the proxy's address and not the site's).
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPPROXY_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawler.net.handler.BoundedHandler",
    "https": "crawler.net.handler.BoundedHandler",
    **dict.fromkeys(("data", "file", "s3", "ftp")),
}
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.net.resolver.GuardedResolver"
DNS_TIMEOUT = 20

ROBOTSTXT_OBEY = True
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.net.guard.ScopeMiddleware": 50,
    "crawler.net.guard.AddressMiddleware": 90,
    "crawler.spiders.redirects.KnownTargetMiddleware": 95,
    "crawler.net.robots.RobotsMiddleware": 100,
    "crawler.net.whole.WholeMiddleware": 540,
    "crawler.net.cookies.CookieFileMiddleware": 710,
    "crawler.net.backoff.BackoffMiddleware": 550,
    "crawler.net.refresh.RefreshMiddleware": 580,
    "crawler.net.patience.PatienceMiddleware": 950,
}

# What nothing here needs, and every answer would pass through, or every start would load.
DOWNLOADER_MIDDLEWARES |= {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # PatienceMiddleware counts requests
}
# Nor does a setting of False keep Scrapy from loading these, and all that they need.
EXTENSIONS_BASE = {
    name: order
    for name, order in default_settings.EXTENSIONS_BASE.items()
    if not name.endswith((".TelnetConsole", ".RemoteControl"))
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # the frontier's requests have none
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}

WARN_ON_GENERATOR_RETURN_VALUE = False  # the callbacks are our own, and tested

DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # Scrapy's own would take half of what was promised
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 1  # Scrapy starts so many tasks for every answer, and an answer gives one item
CONCURRENT_REQUESTS_PER_DOMAIN = 2
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # each failure is recorded and counted; no need for two lines
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 10

DOWNLOAD_TIMEOUT = 30  # for the whole answer; see TAOSHA_FIRST_TIMEOUT
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 * 1024 * 1024
CLOSESPIDER_TIMEOUT = 0

LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # only when the store has failed, and then the run says so
STATS_DUMP = False
LOGSTATS_INTERVAL = 0.0
MEMUSAGE_ENABLED = False

TAOSHA_STORE = os.environ.get("TAOSHA_STORE") or "sqlite:///taosha.db"
TAOSHA_SOURCES = os.environ.get("TAOSHA_SOURCES", "")
"""The user's folder of source files; empty: ./sources if there is one."""
TAOSHA_ALLOW_NETWORKS: list[str] = []
"""Networks beside the public ones that may be asked (``10.1.0.0/16``)."""
TAOSHA_CRAWL_DELAY_MAX = 30.0
"""Seconds; a larger Crawl-delay is taken for this."""
TAOSHA_RETRY_AFTER_MAX = 120.0
"""Seconds; a server that asks for a longer pause (Retry-After) is left to a later run."""
TAOSHA_LEAST_DELAY = 0.005
"""Seconds; with no delay at all Scrapy 2.19 starts more requests a host than its limit says."""
TAOSHA_FIRST_TIMEOUT = 4.0
"""Seconds for an answer at the first try; what takes longer is asked again at the end of the queue."""
TAOSHA_LISTING_MAXSIZE = 8 * 1024 * 1024
"""Bytes; for home pages, listing pages and feeds."""
TAOSHA_SITEMAP_MAXSIZE = 50 * 1024 * 1024
"""Bytes; sitemaps may be larger than pages (the protocol says 50 MiB)."""
TAOSHA_MAX_PARTS = 20
"""So many pages of one article are fetched and joined; 1 leaves articles on their first page."""
TAOSHA_MAX_LISTINGS = 100
"""How many listing pages of a host may name nothing new in a run; those that do are not counted."""
TAOSHA_MAX_SITEMAPS = 500
"""How many sitemap files one source may cost in a run."""
TAOSHA_MAX_PAGES = 50_000
"""How many article pages, and how many lists, a host is asked for in a run at the most."""
