using System.Globalization;
using System.Security.Cryptography;
using Gantry.IO;

namespace Gantry.Signing;

/// <summary>
/// A public key that an environment trusts, with the time in which it does: a file in the repository, which is reviewed like code.
/// </summary>
/// <remarks>
/// The file is PEM with lines before it (RFC 7468, section 2: explanatory text), so that cosign and openssl read the same file:
/// <code>
/// From: 2026-11-01
/// Until: 2027-11-01
/// Revoked: the laptop of the release manager was stolen
/// -----BEGIN PUBLIC KEY-----
/// </code>
/// </remarks>
/// <param name="Key">The public key.</param>
/// <param name="Name">The name for people: the path of the file.</param>
public sealed record TrustedKey(VerificationKey Key, string Name)
{
    private const string DateFormat = "yyyy-MM-dd";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The time from which signatures count; null for always.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time at which signatures no longer count; earlier ones still do. Null for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// The reason why nothing that this key has signed counts, whatever its date: who has a leaked key chooses the dates. Null when the key
    /// is not revoked.
    /// </summary>
    public string? Revoked { get; init; }

    /// <summary>Returns true when signatures of a time count.</summary>
    public bool IsValidAt(DateTimeOffset time) =>
        Revoked is null && (From is not { } from || time >= from) && (Until is not { } until || time < until);

    /// <summary>
    /// Reads a key file. Throws <c>GAN4221</c> when it has no public key of the curve P-256, <c>GAN4222</c> for a line that is none of the
    /// three or is after the key, or a date that is none (<c>2026-11-01</c>, <c>2026-11-01T12:00:00Z</c>).
    /// </summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="name">The path of the file, for people.</param>
    public static TrustedKey Parse(string text, string name)
    {
        var key = new TrustedKey(VerificationKey.Parse(text, name), name);
        var block = PemEncoding.Find(text).Location;
        if (!string.IsNullOrWhiteSpace(text[block.End..]))
            throw SigningErrors.MalformedKeyFile(name, "it has lines after the key, where they would not count");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text[..block.Start].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..].Trim();
            if (!seen.Add(field))
                throw SigningErrors.MalformedKeyFile(name, $"it has two lines '{field}'");
            key = field switch
            {
                "From" => key with { From = ReadTime(value, name) },
                "Until" => key with { Until = ReadTime(value, name) },
                "Revoked" when value.Length > 0 => key with { Revoked = value },
                "Revoked" => throw SigningErrors.MalformedKeyFile(name, "it does not say why the key is revoked"),
                _ => throw SigningErrors.MalformedKeyFile(name, $"it has the line '{line}', which is none of From, Until and Revoked"),
            };
        }

        return key;
    }

    /// <summary>Reads a key file; throws like <see cref="Parse"/>.</summary>
    /// <param name="path">The path.</param>
    /// <param name="name">The path for people.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<TrustedKey> ReadFileAsync(string path, string name, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length > Limits.KeyFileBytes)
            throw SigningErrors.MalformedKeyFile(name, $"it is larger than {Format.Bytes(Limits.KeyFileBytes)}");
        return Parse(await RegularFile.ReadAllTextAsync(path, cancellationToken), name);
    }

    /// <summary>Formats the key as the file that <see cref="Parse"/> reads.</summary>
    public string ToText()
    {
        var lines = new List<string>();
        if (From is { } from)
            lines.Add("From: " + Write(from));
        if (Until is { } until)
            lines.Add("Until: " + Write(until));
        if (Revoked is { } reason)
            lines.Add("Revoked: " + reason);
        return string.Concat(lines.Select(line => line + "\n")) + Key.ToPem();
    }

    private static DateTimeOffset ReadTime(string text, string name) =>
        DateTimeOffset.TryParseExact(
            text, [DateFormat, TimeFormat], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw SigningErrors.MalformedKeyFile(name, $"'{text}' is not a date such as 2026-11-01 or 2026-11-01T12:00:00Z");

    private static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(
        time.UtcDateTime.TimeOfDay == TimeSpan.Zero ? DateFormat : TimeFormat, CultureInfo.InvariantCulture);
}
