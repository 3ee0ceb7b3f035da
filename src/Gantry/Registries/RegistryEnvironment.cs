using System.Globalization;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// Reads the registry settings of this machine: certificates in the folders where Docker and podman look for them, and three environment
/// variables. Proxies need no setting here: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> apply by themselves.
/// </summary>
/// <remarks>
/// <c>GANTRY_MIRRORS</c>: <c>docker.io=mirror.contoso.com/hub;mcr.microsoft.com=mirror.contoso.com/mcr</c>; a host may occur several times.
/// <c>GANTRY_PLAIN_HTTP</c>: <c>registry.lab:5000;other.lab</c>, hosts that are accessed without TLS.
/// <c>GANTRY_TIMEOUT</c>: <c>300</c>, the seconds without progress after which an operation fails.
/// </remarks>
/// <seealso href="https://docs.docker.com/engine/security/certificates/">Docker, verify repository client with certificates</seealso>
public static class RegistryEnvironment
{
    private const string MirrorsVariable = "GANTRY_MIRRORS";
    private const string PlainHttpVariable = "GANTRY_PLAIN_HTTP";
    private const string TimeoutVariable = "GANTRY_TIMEOUT";
    private const int LongestTimeout = 24 * 60 * 60;

    /// <summary>Adds the settings of this machine to the options of a session.</summary>
    /// <remarks>
    /// The certificates of a host are read before its first request. An invalid certificate then throws <c>GAN2037</c>, and does not affect
    /// other hosts.
    /// </remarks>
    /// <exception cref="GantryException"><c>GAN2038</c>: a variable is malformed.</exception>
    public static RegistrySessionOptions Apply(RegistrySessionOptions options) =>
        Apply(options, Environment.GetEnvironmentVariable, DefaultFolders());

    /// <summary>Reads the time without progress after which an operation fails: that of this machine, or else the usual one.</summary>
    /// <exception cref="GantryException"><c>GAN2038</c>: the variable is malformed.</exception>
    public static TimeSpan ReadNoProgressTimeout() => ReadNoProgressTimeout(Environment.GetEnvironmentVariable);

    internal static RegistrySessionOptions Apply(
        RegistrySessionOptions options, Func<string, string?> variable, IReadOnlyList<string> certificateFolders)
    {
        return options with
        {
            Mirrors = Merge(options.Mirrors, Mirrors(variable(MirrorsVariable) ?? "")),
            PlainHttpHosts = options.PlainHttpHosts
                .Concat(Parts(variable(PlainHttpVariable) ?? "").Select(Host))
                .ToHashSet(StringComparer.OrdinalIgnoreCase),
            NoProgressTimeout = options.NoProgressTimeout == Limits.NoProgress
                ? ReadNoProgressTimeout(variable)
                : options.NoProgressTimeout,
            CertificateFolders = [.. options.CertificateFolders, .. certificateFolders.Where(Directory.Exists)],
        };
    }

    private static TimeSpan ReadNoProgressTimeout(Func<string, string?> variable)
    {
        if (variable(TimeoutVariable)?.Trim() is not { Length: > 0 } text)
            return Limits.NoProgress;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestTimeout
            ? TimeSpan.FromSeconds(seconds)
            : throw RegistryErrors.MalformedVariable(TimeoutVariable, text, $"a number of seconds from 1 to {LongestTimeout}");
    }

    private static List<string> DefaultFolders()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var docker = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } named ? named : Path.Combine(home, ".docker");
        return
        [
            Path.Combine(docker, "certs.d"),
            Path.Combine(home, ".config", "containers", "certs.d"),
            "/etc/containers/certs.d",
            "/etc/docker/certs.d",
        ];
    }

    private static Dictionary<string, IReadOnlyList<HostAddress>> Mirrors(string text)
    {
        var mirrors = new Dictionary<string, IReadOnlyList<HostAddress>>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in Parts(text))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } host, { Length: > 0 } mirror])
                throw RegistryErrors.MalformedVariable(MirrorsVariable, part, "host=mirror, several separated by ';'");
            mirrors[host] = [.. mirrors.GetValueOrDefault(host, []), HostAddress.Create(mirror)];
        }

        return mirrors;
    }

    private static string Host(string text) =>
        HostAddress.IsHost(text.ToLowerInvariant())
            ? text
            : throw RegistryErrors.MalformedVariable(PlainHttpVariable, text, "a host with its port, several separated by ';'");

    private static string[] Parts(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Settings of the program take precedence over those of the machine.
    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> own, IReadOnlyDictionary<string, T> found)
    {
        var all = new Dictionary<string, T>(found, StringComparer.OrdinalIgnoreCase);
        foreach (var (host, value) in own)
            all[host] = value;
        return all;
    }
}
