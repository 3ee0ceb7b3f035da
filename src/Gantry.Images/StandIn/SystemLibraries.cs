namespace Gantry.Images.StandIn;

/// <summary>Finds this machine's shared libraries as its loader does, without running it.</summary>
/// <seealso href="https://man7.org/linux/man-pages/man8/ld.so.8.html">ld.so(8)</seealso>
internal sealed class SystemLibraries
{
    private readonly int _machine;
    private readonly IReadOnlyList<string> _folders;

    /// <param name="machine">The processor that libraries must be for.</param>
    public SystemLibraries(int machine)
    {
        _machine = machine;
        _folders =
            [.. DefaultFolders().Concat(ConfiguredFolders("/etc/ld.so.conf", [])).Where(Directory.Exists).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Finds the path of a library; null when this machine does not have it.</summary>
    public string? Find(string name) =>
        _folders
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(path => File.Exists(path) && ElfFile.TryRead(path)?.Machine == _machine);

    /// <summary>
    /// Finds all libraries that must be loaded with these files, by name. Libraries in the folder of a file that needs them are left out,
    /// and so are missing ones: the program works without them.
    /// </summary>
    public IReadOnlyDictionary<string, string> FindClosure(IEnumerable<string> files, IEnumerable<string> alsoLoaded)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var pending = new Queue<string>(files);
        foreach (var name in alsoLoaded)
            Add(name, besides: null);

        while (pending.TryDequeue(out var file))
        {
            foreach (var name in ElfFile.TryRead(file)?.NeededLibraries ?? [])
                Add(name, Path.GetDirectoryName(file));
        }

        return found;

        void Add(string name, string? besides)
        {
            // A name with a slash is a path, which the runtime does not use.
            if (found.ContainsKey(name)
                || name.Contains('/', StringComparison.Ordinal)
                || (besides is not null && IsPartOfRuntime(besides, name)))
                return;
            if (Find(name) is not { } path)
                return;
            found[name] = path;
            pending.Enqueue(path);
        }

        bool IsPartOfRuntime(string folder, string name) =>
            !_folders.Contains(folder, StringComparer.Ordinal) && File.Exists(Path.Combine(folder, name));
    }

    private static IEnumerable<string> DefaultFolders()
    {
        foreach (var root in (string[])["/lib", "/usr/lib"])
        {
            // Debian and similar distributions keep libraries by architecture.
            if (Directory.Exists(root))
            {
                foreach (var folder in Directory.EnumerateDirectories(root, "*-linux-*").Order(StringComparer.Ordinal))
                    yield return folder;
            }

            yield return root + "64";
            yield return root;
        }
    }

    private static IEnumerable<string> ConfiguredFolders(string file, HashSet<string> seen)
    {
        if (!File.Exists(file) || !seen.Add(file))
            yield break;

        foreach (var line in File.ReadLines(file))
        {
            var text = line.Split('#')[0].Trim();
            if (text.StartsWith("include ", StringComparison.Ordinal))
            {
                var pattern = Path.Combine(Path.GetDirectoryName(file)!, text["include ".Length..].Trim());
                var folder = Path.GetDirectoryName(pattern)!;
                var included = Directory.Exists(folder)
                    ? Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Order(StringComparer.Ordinal)
                    : Enumerable.Empty<string>();
                foreach (var path in included.SelectMany(name => ConfiguredFolders(name, seen)))
                    yield return path;
            }
            else if (text.StartsWith('/'))
            {
                yield return text;
            }
        }
    }
}
