using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Context;

/// <summary>The folder that COPY reads from, without what .dockerignore excludes. Nothing outside of it is ever read.</summary>
internal sealed class BuildContext
{
    private readonly string _root;
    private readonly IgnoreRules _rules;

    public BuildContext(string root, IgnoreRules rules)
    {
        _root = root;
        _rules = rules;
    }

    /// <summary>The folder itself.</summary>
    public ContextItem Root => new("", _root, FileKind.Directory);

    /// <summary>
    /// Opens the context of a request; throws <c>GAN3018</c> when it is not a folder. The ignore file beside the Dockerfile takes
    /// precedence over that of the context.
    /// </summary>
    public static async Task<BuildContext> OpenAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(request.Context))
            throw ContextErrors.ContextMissing(request.Context);

        return new BuildContext(request.Context, await ReadRulesAsync(request, cancellationToken));
    }

    /// <summary>Reads the ignore file beside the Dockerfile, else that of the context.</summary>
    public static async Task<IgnoreRules> ReadRulesAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        foreach (var file in (string[])[request.Dockerfile + ".dockerignore", Path.Combine(request.Context, ".dockerignore")])
        {
            if (await TextFile.TryReadAsync(file, cancellationToken) is { } text)
                return IgnoreRules.Parse(request.DisplayName(file), text);
        }

        return IgnoreRules.None;
    }

    /// <summary>
    /// Finds the items that a source of COPY names: any number when it is a pattern. Links in the source itself are followed.
    /// </summary>
    public IReadOnlyList<(string Name, ContextItem Item)> Find(string source, SourceLine location)
    {
        var parts = Split(source, location);
        var literal = parts.TakeWhile(part => !PathPattern.HasWildcards(part)).ToArray();
        if (literal.Length == parts.Count)
        {
            var path = string.Join('/', parts);
            return [(Name(path), Resolve(path, source, location))];
        }

        var patterns = parts.Skip(literal.Length)
            .Select(part => PathPattern.TryParse(part) ?? throw DockerfileErrors.DockerfileSyntax(location, $"'{source}' is not a pattern"))
            .ToArray();
        var start = TryResolve(string.Join('/', literal), source, location);
        return start is not { Kind: FileKind.Directory }
            ? []
            : [.. Expand(start, patterns, location).Select(path => (Name(path), Resolve(path, source, location)))];
    }

    /// <summary>Lists the items directly in a directory, ordered by name.</summary>
    public IEnumerable<ContextItem> Children(ContextItem directory, SourceLine location)
    {
        FileSystemInfo[] found;
        var folder = new DirectoryInfo(directory.FullPath);
        ContextItemReader.EnsureUtf8(directory.Path, folder, location);
        try
        {
            found = folder.GetFileSystemInfos(
                "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, MatchType = MatchType.Simple });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ContextErrors.UnreadableSource(location, directory.Path, exception);
        }

        return found
            .OrderBy(info => info.Name, StringComparer.Ordinal)
            .Where(info => IsVisible(Join(directory.Path, info.Name), info, location))
            .Select(info => ContextItemReader.Read(Join(directory.Path, info.Name), info, location));
    }

    private IEnumerable<string> Expand(ContextItem directory, ReadOnlyMemory<PathPattern> patterns, SourceLine location)
    {
        foreach (var child in Children(directory, location))
        {
            if (!patterns.Span[0].IsMatch(child.Name))
                continue;
            if (patterns.Length == 1)
            {
                yield return child.Path;
            }
            else if (child.Kind == FileKind.Directory)
            {
                foreach (var path in Expand(child, patterns[1..], location))
                    yield return path;
            }
        }
    }

    // An excluded directory exists nevertheless when an exception includes something in it.
    private bool IsVisible(string path, FileSystemInfo info, SourceLine location)
    {
        if (path.Length == 0 || !_rules.Excludes(path))
            return true;
        return _rules.HasExceptions && info is DirectoryInfo { LinkTarget: null }
            && Children(new ContextItem(path, info.FullName, FileKind.Directory), location).Any();
    }

    private ContextItem Resolve(string path, string source, SourceLine location) =>
        TryResolve(path, source, location) ?? throw ContextErrors.SourceNotFound(location, source, _root, DescribeExclusion(path));

    private string? DescribeExclusion(string path) => _rules.Excludes(path) ? ".dockerignore excludes it" : null;

    // Follows links in every part of the path, and never leaves the context.
    private ContextItem? TryResolve(string path, string source, SourceLine location)
    {
        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = "";
        FileSystemInfo info = new DirectoryInfo(_root);
        for (var links = 0; pending.TryPop(out var part);)
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                if (current.Length == 0)
                    throw ContextErrors.SourceOutsideContext(location, source, "it contains a symbolic link that leads out of it");
                current = current.LastIndexOf('/') is > 0 and var slash ? current[..slash] : "";
                info = new DirectoryInfo(FullPath(current));
                continue;
            }

            if (info is not DirectoryInfo || Find(Join(current, part)) is not { } next)
                return null;
            if (next.LinkTarget is not { } target)
            {
                (current, info) = (Join(current, part), next);
                continue;
            }

            if (++links > Limits.ContextLinks)
                throw ContextErrors.SourceOutsideContext(location, source, $"'{Join(current, part)}' is a symbolic link in a cycle");
            if (Path.IsPathRooted(target))
                throw ContextErrors.SourceOutsideContext(
                    location, source, $"'{Join(current, part)}' is a symbolic link to the absolute path {target}");
            foreach (var step in target
                .Replace(Path.DirectorySeparatorChar, '/')
                .Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Reverse())
                pending.Push(step);
        }

        return IsVisible(current, info, location) ? ContextItemReader.Read(current, info, location) : null;
    }

    private FileSystemInfo? Find(string path)
    {
        // A link counts as a file here even when it is broken; LinkTarget shows that it is one.
        var file = new FileInfo(FullPath(path));
        if (file.LinkTarget is not null || file.Exists)
            return file;
        var directory = new DirectoryInfo(FullPath(path));
        return directory.Exists ? directory : null;
    }

    private static List<string> Split(string source, SourceLine location)
    {
        var parts = new List<string>();
        foreach (var part in source.Split('/'))
        {
            if (part == ".." && parts.Count == 0)
                throw ContextErrors.SourceOutsideContext(location, source, "'..' leads above its root");
            if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "."))
                parts.Add(part);
        }

        // "C:\secrets" would otherwise be an absolute path to the file system of Windows.
        if (Path.DirectorySeparatorChar == '\\' && source.AsSpan().ContainsAny('\\', ':'))
            throw ContextErrors.SourceOutsideContext(location, source, "paths in a Dockerfile are relative and use '/'");
        return parts;
    }

    private string FullPath(string path) => Path.Combine(_root, path);

    private static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
