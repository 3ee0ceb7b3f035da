using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Context;

/// <summary>The rules of a .dockerignore file. The last rule that matches a path or a folder above it decides.</summary>
/// <seealso href="https://docs.docker.com/build/concepts/context/#dockerignore-files">Docker, .dockerignore files</seealso>
internal sealed class IgnoreRules
{
    private readonly IReadOnlyList<Rule> _rules;

    private IgnoreRules(IReadOnlyList<Rule> rules) => _rules = rules;

    /// <summary>The rules that exclude nothing.</summary>
    public static IgnoreRules None { get; } = new([]);

    /// <summary>True when a rule includes again what another one excludes, so that excluded folders must be searched.</summary>
    public bool HasExceptions => _rules.Any(rule => rule.IsException);

    /// <summary>Parses a .dockerignore file; throws <c>GAN3016</c> when a pattern is malformed.</summary>
    public static IgnoreRules Parse(string file, string text)
    {
        var rules = new List<Rule>();
        var lines = text.TrimStart('\uFEFF').Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].TrimEnd('\r');
            if (line.StartsWith('#') || string.IsNullOrWhiteSpace(line))
                continue;

            if (rules.Count == Limits.IgnoreRules)
                throw DockerfileErrors.TooLarge(
                    new SourceLine(file, index + 1), $"there are more than {Limits.IgnoreRules} rules", nameof(Limits.IgnoreRules));
            var pattern = line.Trim();
            var isException = pattern.StartsWith('!');
            var path = Clean(isException ? pattern[1..].Trim() : pattern);
            if (path.Length == 0 || PathPattern.TryParseIgnore(path) is not { } matcher)
                throw ContextErrors.MalformedIgnorePattern(new SourceLine(file, index + 1), pattern);
            rules.Add(new Rule(matcher, isException, path, new SourceLine(file, index + 1), pattern));
        }

        return new IgnoreRules(rules);
    }

    /// <summary>Returns true when a path, relative to the context and with slashes, is excluded.</summary>
    public bool Excludes(string path)
    {
        var excluded = false;
        foreach (var rule in _rules)
        {
            if (rule.IsException == excluded && rule.MatchesPathOrParent(path))
                excluded = !rule.IsException;
        }

        return excluded;
    }

    /// <summary>
    /// Finds the rule that excludes a path with everything in it. Returns null when none does, or when an exception may include something
    /// in the folder.
    /// </summary>
    public (SourceLine Line, string Text)? FindExclusion(string path)
    {
        Rule? last = null;
        foreach (var rule in _rules)
        {
            if (rule.IsException == (last is not null) && rule.MatchesPathOrParent(path))
                last = rule.IsException ? null : rule;
        }

        return last is null || _rules.Any(rule => rule.IsException && rule.MayMatchBelow(path)) ? null : (last.Line, last.Text);
    }

    // Like Go's filepath.Clean, with a leading slash removed: "./a//b/../c/" is "a/c".
    private static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Replace(Path.DirectorySeparatorChar == '\\' ? '\\' : '/', '/').Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or ".") && !(part == ".." && pattern.StartsWith('/')))
                parts.Add(part);
        }

        return parts.Count > 0 || pattern.Length == 0 ? string.Join('/', parts) : ".";
    }

    private sealed record Rule(PathPattern Pattern, bool IsException, string Path, SourceLine Line, string Text)
    {
        // Up to its first wildcard, the pattern leads into the folder, or along its way.
        public bool MayMatchBelow(string folder)
        {
            var wildcard = Path.AsSpan().IndexOfAny("*?[\\");
            return wildcard < 0
                ? Path.StartsWith(folder + "/", StringComparison.Ordinal)
                : (folder + "/").StartsWith(Path[..wildcard], StringComparison.Ordinal)
                    || Path[..wildcard].StartsWith(folder + "/", StringComparison.Ordinal);
        }

        public bool MatchesPathOrParent(string path)
        {
            for (var end = path.IndexOf('/', StringComparison.Ordinal); end > 0; end = path.IndexOf('/', end + 1))
            {
                if (Pattern.IsMatch(path[..end]))
                    return true;
            }

            return Pattern.IsMatch(path);
        }
    }
}
