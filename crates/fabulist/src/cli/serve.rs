//! `fabulist serve`: the HTTP door, until somebody says stop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use clap::{Args, FromArgMatches};
use serde_json::json;
use studio::driver::Scope;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Globals, browser, output::Output, signals};
use crate::{
    failure::{Exit, Failure},
    http,
    log::LogFormat,
    say,
    wiring::Wiring,
};

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where to listen; only addresses of this machine
    #[arg(long, env = "FABULIST_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:4747")]
    listen: String,
    /// The address that people use, behind a proxy
    #[arg(long, env = "FABULIST_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// How lines of the log look; what is logged says `FABULIST_LOG` (warn when left out): error, warn, info, debug, trace
    #[arg(long, env = "FABULIST_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
    /// Whether the browser is to be opened, where there is one.
    #[arg(skip)]
    opens: bool,
}

impl ServeArgs {
    /// Those of a command that was left out: what the environment says, else the defaults.
    pub(crate) fn opening() -> Self {
        let matches = Self::augment_args(clap::Command::new("serve")).get_matches_from(["serve"]);
        let read = Self::from_arg_matches(&matches).unwrap_or_else(|e| e.exit());
        Self { opens: true, ..read }
    }
}

/// Serves until Ctrl-C or SIGTERM; a second one aborts.
pub(crate) async fn serve(globals: &Globals, args: ServeArgs, output: &Output) -> Result<(), Failure> {
    let address = address(&args.listen)?;
    let public = args.public_url.as_deref().map(http::public_url).transpose()?;
    let wiring = Wiring::new(globals)?;
    let mut signals = signals::listen();
    let listener = TcpListener::bind(address).await.map_err(|e| unbound(address, &e))?;
    let address = listener.local_addr().map_err(|e| unbound(address, &e))?;
    let studio = wiring.server().await?;
    studio.driver().set_scope(Scope::All);

    let url = public.as_ref().map_or_else(|| format!("http://{address}"), http::Public::url);
    let listening = format!("http://{address}");
    if output.json {
        output.line(&json!({ "url": url, "listen": listening, "pid": std::process::id() }).to_string());
    }
    output.note(&say!("Fabulist is at {}" | "Fabulist 已就绪：{}", url));
    if !wiring.model_chosen {
        output.note(&say!(
            "No model is configured: runs that name none are rehearsals, written offline. Choose one with --model."
                | "未配置模型：未指定模型的运行均为离线排演。可用 --model 选择模型。"
        ));
    }

    if args.opens {
        browser::open(&url);
    }

    let stop = CancellationToken::new();
    let serving = tokio::spawn(http::serve(listener, studio, (wiring.models(), wiring.model.clone()), public, stop.clone()));
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        _ = signals.recv() => stop.cancel(),
        _ = serving.as_mut() => return Err(Failure::new(Exit::Failed, say!("The server ended." | "服务器已退出。"), "")),
    }
    output.note(&say!("Finishing the steps in flight; once more aborts them." | "正在完成进行中的步骤；再按一次立即中止。"));
    tokio::select! {
        _ = serving => Ok(()),
        _ = signals.recv() => Err(Failure::new(Exit::Interrupted, "", "")),
    }
}

/// An address of this machine: nobody else may ask before there are accounts.
fn address(text: &str) -> Result<SocketAddr, Failure> {
    let wrong = || {
        Failure::usage(
            say!("{} is no address to listen at." | "{} 不是可监听的地址。", text),
            say!("Write it like 127.0.0.1:4747." | "请写成 127.0.0.1:4747 的形式。"),
        )
    };
    let address = match text.strip_prefix("localhost:") {
        Some(port) => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port.parse().map_err(|_| wrong())?),
        None => text.parse().map_err(|_| wrong())?,
    };
    if address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST) || address.ip() == IpAddr::V6(Ipv6Addr::LOCALHOST) {
        return Ok(address);
    }
    Err(Failure::usage(
        say!(
            "{} can be reached from other machines, and there are no accounts yet." | "{} 可被其他机器访问，而账户功能尚未支持。",
            address
        ),
        say!(
            "Listen at 127.0.0.1, and put a proxy that asks for a password in front of it, with --public-url."
                | "请监听 127.0.0.1，并在前面放置需要密码的代理，同时使用 --public-url。"
        ),
    ))
}

fn unbound(address: SocketAddr, error: &std::io::Error) -> Failure {
    let hint = if error.kind() == std::io::ErrorKind::AddrInUse {
        say!(
            "Another process listens there, perhaps Fabulist itself; choose another port with --listen 127.0.0.1:PORT."
                | "已有进程（可能就是 Fabulist）占用该端口；请用 --listen 127.0.0.1:端口 另选。"
        )
    } else {
        say!("Choose another address with --listen." | "请用 --listen 另选地址。")
    };
    Failure::new(Exit::Failed, say!("Cannot listen at {}: {}." | "无法监听 {}：{}。", address, error), hint)
}
