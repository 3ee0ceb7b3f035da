using System.Text.RegularExpressions;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Releases;
using Semver;

namespace Gantry.Syncing;

/// <summary>Chooses tags of a repository. Without any filter, all tags are chosen but those that name a digest.</summary>
public sealed class TagFilter
{
    private const SemVersionStyles Styles = SemVersionStyles.AllowV | SemVersionStyles.OptionalMinorPatch;
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly List<Func<string, bool>> _include = [];
    private readonly List<Func<string, bool>> _exclude = [];
    private readonly List<SemVersionRange> _ranges = [];

    /// <summary>The number of tags that are chosen at most, the highest versions first; null for all.</summary>
    public int? Latest { get; init; }

    /// <summary>Returns the tags that pass, in the order of their versions.</summary>
    /// <param name="tags">The tags of a repository.</param>
    public IReadOnlyList<string> Choose(IEnumerable<string> tags)
    {
        var chosen = tags.Where(Passes).Order(VersionComparer.Instance).ToList();
        return Latest is { } most ? [.. chosen.TakeLast(most)] : chosen;
    }

    /// <summary>Adds patterns with <c>*</c> for any characters and <c>?</c> for one.</summary>
    internal TagFilter AddPatterns(IEnumerable<(string Text, long Line)> patterns, bool excludes, string file)
    {
        foreach (var (pattern, line) in patterns)
        {
            if (!TagPattern.IsPattern(pattern))
                throw SyncErrors.UnusableFilter(file, line, pattern, "tags have letters, digits, '.', '_' and '-' only");
            (excludes ? _exclude : _include).Add(tag => TagPattern.Matches(pattern, tag));
        }

        return this;
    }

    /// <summary>Adds regular expressions, each of which has to match the whole tag.</summary>
    internal TagFilter AddExpressions(IEnumerable<(string Text, long Line)> expressions, bool excludes, string file)
    {
        foreach (var (expression, line) in expressions)
        {
            try
            {
                var regex = new Regex($@"\A(?:{expression})\z", Options, TimeSpan.FromSeconds(1));
                (excludes ? _exclude : _include).Add(regex.IsMatch);
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                throw SyncErrors.UnusableFilter(file, line, expression, Format.OneLine(exception.Message).TrimEnd('.'));
            }
        }

        return this;
    }

    /// <summary>Adds ranges of semantic versions, of which one has to contain the tag: <c>&gt;=3.18 &lt;4</c>, <c>^1.2</c>.</summary>
    internal TagFilter AddRanges(IEnumerable<(string Text, long Line)> ranges, string file)
    {
        foreach (var (text, line) in ranges)
        {
            _ranges.Add(SemVersionRange.TryParseNpm(text, out var range)
                ? range
                : throw SyncErrors.UnusableFilter(file, line, text, "it is no range of semantic versions, such as '>=1.2 <2' or '^1.2'"));
        }

        return this;
    }

    private bool Passes(string tag) =>
        !DigestTags.IsDigestTag(tag)
        && (_include.Count == 0 || _include.Exists(filter => filter(tag)))
        && !_exclude.Exists(filter => filter(tag))
        && (_ranges.Count == 0
            || (SemVersion.TryParse(tag, Styles, out var version) && _ranges.Exists(range => range.Contains(version))));
}
