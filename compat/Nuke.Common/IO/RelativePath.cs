namespace Nuke.Common.IO;

public class RelativePath
{
    private readonly string _path;

    protected internal RelativePath(string path, char? separator = null)
        => _path = separator is { } character ? path.Replace('\\', '/').Replace('/', character) : path;

    public static explicit operator RelativePath(string path) => path is null ? null : new RelativePath(path);

    public static implicit operator string(RelativePath path) => path?._path;

    public override string ToString() => _path;
}

public class UnixRelativePath : RelativePath
{
    protected internal UnixRelativePath(string path, char? separator)
        : base(path, separator)
    {
    }

    public static explicit operator UnixRelativePath(string path) => path is null ? null : new UnixRelativePath(path, '/');
}

public static class PathConstruction
{
    public static RelativePath GetRelativePathTo(this AbsolutePath basePath, string destinationPath)
        => (RelativePath)Path.GetRelativePath(basePath, destinationPath);

    public static UnixRelativePath GetUnixRelativePathTo(this AbsolutePath basePath, string destinationPath)
        => (UnixRelativePath)Path.GetRelativePath(basePath, destinationPath);
}
