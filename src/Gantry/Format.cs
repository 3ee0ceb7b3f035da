using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gantry;

/// <summary>Formats quantities, times and names, the same on every machine.</summary>
public static partial class Format
{
    /// <summary>Formats a number of bytes: <c>41.2 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }

    /// <summary>Formats a time, in UTC: <c>2026-01-02 03:04 UTC</c>.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Formats a time for a program, in UTC and to the second (RFC 3339): <c>2026-01-02T03:04:05Z</c>.</summary>
    public static string Rfc3339(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Formats a name as command lines have it: <c>base-registry</c> for <c>BaseRegistry</c>.</summary>
    public static string Dashed(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(startsWord ? "-" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>Formats a duration by its two largest units: <c>1 day</c>, <c>2 hours 30 minutes</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        var parts = new[] { (duration.Days, "day"), (duration.Hours, "hour"), (duration.Minutes, "minute"), (duration.Seconds, "second") }
            .SkipWhile(part => part.Item1 == 0)
            .Take(2)
            .Where(part => part.Item1 != 0)
            .Select(part => Count(part.Item1, part.Item2))
            .ToList();
        return parts.Count > 0 ? string.Join(' ', parts)
            : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.###} seconds");
    }

    /// <summary>Formats how long something has lasted; less than a second, also less than nothing by two clocks, is a moment.</summary>
    public static string Elapsed(TimeSpan duration) => duration < TimeSpan.FromSeconds(1) ? "a moment" : Duration(duration);

    /// <summary>Formats the technical causes of an error, one line each, without addresses that could hold secrets.</summary>
    public static IReadOnlyList<string> Causes(Exception error)
    {
        var causes = new List<string>();
        for (var cause = error.InnerException; cause is not null; cause = cause.InnerException)
        {
            var message = AddressSecrets().Replace(OneLine(cause.Message), "${scheme}");
            causes.Add(DisplayText.Neutralize($"caused by {cause.GetType().Name}: {message}"));
        }

        return causes;
    }

    /// <summary>
    /// Formats a value that was refused, without most of it: <c>'eyJ0…' (1180 characters)</c>. What was typed where a version belongs can
    /// be a token that a pipeline put there, and the pipeline masks only the whole token.
    /// </summary>
    public static string Refused(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "''";
        const int shown = 4;
        var start = DisplayText.Neutralize(value[..Math.Min(shown, value.Length / 2)]);
        return string.Create(CultureInfo.InvariantCulture, $"'{start}…' ({Count(value.Length, "character")})");
    }

    /// <summary>Formats a number with its noun: <c>1 blob</c>, <c>2 blobs</c>.</summary>
    public static string Count(long number, string thing) =>
        number == 1 ? $"1 {thing}" : string.Create(CultureInfo.InvariantCulture, $"{number} {thing}s");

    /// <summary>Formats a list of names: <c>a, b</c>, or <c>none</c> when it is empty.</summary>
    public static string List<T>(IEnumerable<T> items) => string.Join(", ", items) is { Length: > 0 } list ? list : "none";

    /// <summary>Formats what can be chosen from, as a remedy: <c>use one of a, b</c>, or <c>use a</c> when there is only one.</summary>
    /// <param name="known">What can be chosen from.</param>
    /// <param name="otherwise">The remedy when there is nothing to choose from.</param>
    /// <param name="verb">The verb of the remedy: <c>use</c>, <c>set its Image to</c>.</param>
    public static string Choice<T>(IEnumerable<T> known, string otherwise, string verb = "use") => known.ToList() switch
    {
        [] => otherwise,
        [var only] => $"{verb} {only}",
        var several => $"{verb} one of {string.Join(", ", several)}",
    };

    /// <summary>Formats a line for people: what others wrote in it cannot act where it is shown (<see cref="DisplayText"/>).</summary>
    public static string Line(DisplayText line) => line.ToString();

    /// <summary>Formats a text of several lines as one line of limited length, without a full stop at its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">The maximum number of characters.</param>
    public static string OneLine(string text, int limit = 400)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length <= limit ? line : line[..limit] + "…";
    }

    // User names and passwords, and queries, of addresses in a text.
    [GeneratedRegex(
        @"(?<scheme>\w+://)[^\s/@'""]+@|\?[^\s'""]*=[^\s'""]*",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressSecrets();
}
