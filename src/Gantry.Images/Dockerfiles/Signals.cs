using System.Collections.Frozen;
using System.Globalization;

namespace Gantry.Images.Dockerfiles;

/// <summary>The names of Linux signals that STOPSIGNAL accepts.</summary>
/// <seealso href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</seealso>
internal static class Signals
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL", "PROF", "PWR",
        "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH",
        "XCPU", "XFSZ", "RTMIN", "RTMAX",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Returns the signal unchanged; throws <c>GAN3002</c> when it is unknown.</summary>
    public static string Check(string signal, SourceLine location)
    {
        var name = signal.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name["SIG".Length..] : name;
        return IsNumber(name, 1, 64) || Names.Contains(name) || IsRealTime(name)
            ? signal
            : throw DockerfileErrors.DockerfileSyntax(location, $"'{signal}' is not a signal such as SIGTERM, SIGINT or 15");
    }

    private static bool IsRealTime(string name) =>
        (name.StartsWith("RTMIN+", StringComparison.Ordinal) && IsNumber(name["RTMIN+".Length..], 1, 15))
        || (name.StartsWith("RTMAX-", StringComparison.Ordinal) && IsNumber(name["RTMAX-".Length..], 1, 14));

    private static bool IsNumber(string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum;
}
