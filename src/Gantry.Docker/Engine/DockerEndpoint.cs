using System.Net;

namespace Gantry.Docker.Engine;

/// <summary>The address of a Docker engine, and the setting that it comes from.</summary>
/// <seealso href="https://docs.docker.com/reference/cli/docker/#environment-variables">
/// Docker's command line, environment variables
/// </seealso>
public sealed class DockerEndpoint
{
    private DockerEndpoint(Uri address, string origin, DockerTls? tls)
    {
        Address = address;
        Origin = origin;
        Tls = tls;
    }

    /// <summary>
    /// The address: <c>unix:///path</c>, <c>npipe://server/pipe/name</c>, <c>http://host:port</c> or, with TLS, <c>https://host:port</c>.
    /// </summary>
    public Uri Address { get; }

    /// <summary>
    /// The setting that the address comes from, for messages: <c>DOCKER_HOST</c>, <c>context 'remote'</c>, <c>the default</c>.
    /// </summary>
    public string Origin { get; }

    /// <summary>The TLS settings: the verification of the engine's certificate, and the client certificate; null without TLS.</summary>
    internal DockerTls? Tls { get; }

    /// <summary>Parses an address as <c>DOCKER_HOST</c> and contexts write it, or throws <c>GAN6003</c> (SSH) or <c>GAN6004</c>.</summary>
    public static DockerEndpoint Parse(string host, string origin) => Parse(host, origin, tls: null);

    /// <summary>
    /// Finds the engine that Docker's own client would use: <c>DOCKER_HOST</c>, else the context of <c>DOCKER_CONTEXT</c>, else the current
    /// context of <c>config.json</c>, else the socket or pipe where engines listen by default.
    /// </summary>
    /// <exception cref="GantryException">GAN6003 to GAN6007: an address, context or certificate that cannot be used.</exception>
    public static DockerEndpoint Resolve(DockerEnvironment environment)
    {
        if (environment.FindVariable("DOCKER_HOST") is { } host)
            return Parse(host, "DOCKER_HOST", DockerTls.FromEnvironment(environment));

        var (context, origin) = DockerContexts.Chosen(environment);
        if (context is not null)
            return DockerContexts.Read(environment, context, origin);

        return Parse(environment.IsWindows ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock", "the default");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address.ToString().TrimEnd('/')} ({Origin})";

    internal static DockerEndpoint Parse(string host, string origin, DockerTls? tls)
    {
        // "host:port" alone means TCP, as in Docker.
        var text = host.Contains("://", StringComparison.Ordinal) ? host : "tcp://" + host;
        var scheme = text[..text.IndexOf("://", StringComparison.Ordinal)].ToLowerInvariant();
        var rest = text[(scheme.Length + "://".Length)..];
        if (scheme == "ssh")
            throw DockerErrors.SshEndpoint(WithoutUser(text), origin);

        var address = scheme switch
        {
            "unix" when rest.StartsWith('/') => new Uri("unix://" + rest),
            "npipe" => Pipe(rest),
            "tcp" or "http" or "https" => Network(rest, scheme == "https" || tls is not null),
            _ => null,
        };
        if (address is null)
            throw DockerErrors.MalformedHost(WithoutUser(host), origin);

        return new DockerEndpoint(address, origin, address.Scheme == Uri.UriSchemeHttps ? tls ?? DockerTls.SystemTrust(origin) : null);
    }

    // npipe:////./pipe/docker_engine: the server, "pipe", the name.
    private static Uri? Pipe(string rest) =>
        rest.Replace('\\', '/').TrimStart('/').Split('/') is [{ Length: > 0 } server, "pipe", { Length: > 0 } name]
        && Uri.TryCreate($"npipe://{server}/pipe/{name}", UriKind.Absolute, out var uri)
            ? uri
            : null;

    private static Uri? Network(string rest, bool tls)
    {
        var scheme = tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        if (!Uri.TryCreate($"{scheme}://{rest}", UriKind.Absolute, out var uri)
            || uri is not { UserInfo: "", Query: "", Fragment: "" }
            || uri.HostNameType is UriHostNameType.Unknown)
            return null;

        var hasPort = rest.TrimEnd('/').Split('/')[0].LastIndexOf(':') > rest.LastIndexOf(']');
        if (hasPort)
            return uri;
        return Uri.TryCreate($"{scheme}://{uri.Host}:{(tls ? 2376 : 2375)}{uri.AbsolutePath}", UriKind.Absolute, out var complete)
            ? complete
            : null;
    }

    private static string WithoutUser(string host)
    {
        var at = host.LastIndexOf('@');
        var start = host.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? host[..(scheme + "://".Length)] : "";
        return at < 0 ? host : start + host[(at + 1)..];
    }
}
