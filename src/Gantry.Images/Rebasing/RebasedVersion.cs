using System.Globalization;
using System.Text.RegularExpressions;
using Gantry.Releases;

namespace Gantry.Images.Rebasing;

/// <summary>Makes the version of a rebased release: the version that it was made from, and the date of its base image.</summary>
/// <param name="format">
/// The format: <c>{version}</c>, <c>{date}</c> (that of the new base image, in UTC) and <c>{digest}</c> (the first 8 digits of its digest).
/// </param>
public sealed partial class RebasedVersion(string format = RebasedVersion.DefaultFormat)
{
    /// <summary>The format that is used when none is declared: <c>1.4.2+base.20261128</c>.</summary>
    public const string DefaultFormat = "{version}+base.{date}";

    /// <summary>
    /// Returns the version of the new release. A version that was rebased before keeps one date only. Throws <c>GAN4851</c> when the format
    /// gives no version, or the same one.
    /// </summary>
    /// <param name="version">The version that it is made from.</param>
    /// <param name="plans">The images of the release; at least one has moved.</param>
    public string Create(string version, IReadOnlyList<RebasePlan> plans)
    {
        var moved = plans.Where(plan => plan.HasMoved).SelectMany(plan => plan.BaseImages).ToList();
        var latest = moved.MaxBy(exchanged => exchanged.Created ?? DateTimeOffset.MinValue)
            ?? throw new ArgumentException("No base image has moved.", nameof(plans));
        var digest = latest.After.Digest!.Value.Hex[..8];
        // A base image without a date has its digest instead.
        var date = latest.Created?.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture) ?? digest;
        var created = format
            .Replace("{date}", date, StringComparison.Ordinal)
            .Replace("{digest}", digest, StringComparison.Ordinal)
            .Replace("{version}", Earlier().Replace(version, ""), StringComparison.Ordinal);
        if (Placeholder().Match(created) is { Success: true } unknown)
            throw RebaseErrors.UnusableVersion(format, $"{unknown.Value} is unknown");

        // Build metadata comes once: what follows the first '+' is a part of it.
        if (created.IndexOf('+', StringComparison.Ordinal) is var plus and >= 0)
            created = created[..(plus + 1)] + created[(plus + 1)..].Replace('+', '.');
        try
        {
            ReleaseTag.Of(created);
        }
        catch (GantryException exception)
        {
            throw RebaseErrors.UnusableVersion(format, exception.Problem);
        }

        return created != version
            ? created
            : throw RebaseErrors.UnusableVersion(format, $"it gives {version} again, which is the release that it is made from");
    }

    [GeneratedRegex(@"[+.]base\.[0-9a-f]{8}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Earlier();

    [GeneratedRegex(@"\{[^}]*\}?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
