namespace Nuke.Common.IO;

[Flags]
public enum ExistsPolicy
{
    DirectoryFail = 1,
    DirectoryMerge = 2,
    FileFail = 4,
    FileSkip = 8,
    FileOverwrite = 16,
    FileOverwriteIfNewer = 32,

    Fail = DirectoryFail | FileFail,
    MergeAndSkip = DirectoryMerge | FileSkip,
    MergeAndOverwrite = DirectoryMerge | FileOverwrite,
    MergeAndOverwriteIfNewer = DirectoryMerge | FileOverwriteIfNewer
}

public static partial class AbsolutePathExtensions
{
    public static AbsolutePath CopyToDirectory(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null,
        Func<AbsolutePath, bool> excludeFile = null,
        bool createDirectories = true)
        => source.Copy(target / source.Name, policy, excludeDirectory, excludeFile, createDirectories);

    public static AbsolutePath Copy(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null,
        Func<AbsolutePath, bool> excludeFile = null,
        bool createDirectories = true)
    {
        if (source.DirectoryExists())
            return CopyDirectory(source, target, policy, excludeDirectory, excludeFile, createDirectories);

        Assert.FileExists(source);
        Assert.True(excludeDirectory == null && excludeFile == null, "Only a directory's content can be excluded");
        return CopyFile(source, target, policy, createDirectories);
    }

    private static AbsolutePath CopyFile(AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories)
    {
        if (target.FileExists() && !MayOverwrite(source, target, policy))
            return source;

        if (createDirectories)
            target.Parent.CreateDirectory();
        File.Copy(source, target, overwrite: true);
        return target;
    }

    private static bool MayOverwrite(AbsolutePath source, AbsolutePath target, ExistsPolicy policy)
        => (policy & ~(ExistsPolicy.DirectoryFail | ExistsPolicy.DirectoryMerge)) switch
        {
            ExistsPolicy.FileFail => throw new IOException($"File '{target}' already exists"),
            ExistsPolicy.FileSkip => false,
            ExistsPolicy.FileOverwrite => true,
            ExistsPolicy.FileOverwriteIfNewer => File.GetLastWriteTimeUtc(target) < File.GetLastWriteTimeUtc(source),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "Exactly one file policy must be set")
        };

    private static AbsolutePath CopyDirectory(
        AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy,
        Func<AbsolutePath, bool> excludeDirectory,
        Func<AbsolutePath, bool> excludeFile,
        bool createDirectories)
    {
        Assert.False(IsBelow(target, source), $"Target directory '{target}' must not be in source directory '{source}'");
        Assert.True(!target.DirectoryExists() || policy.HasFlag(ExistsPolicy.DirectoryMerge), $"Directory '{target}' already exists");

        if (createDirectories)
            target.CreateDirectory();
        foreach (var directory in source.GetDirectories().Where(x => excludeDirectory?.Invoke(x) != true))
            CopyDirectory(directory, target / directory.Name, policy, excludeDirectory, excludeFile, createDirectories: true);
        foreach (var file in source.GetFiles().Where(x => excludeFile?.Invoke(x) != true))
            CopyFile(file, target / file.Name, policy, createDirectories: true);
        return target;
    }

    private static bool IsBelow(AbsolutePath path, AbsolutePath directory)
    {
        for (var ancestor = path; ancestor != null; ancestor = ancestor.Parent)
        {
            if (ancestor == directory)
                return true;
        }

        return false;
    }
}
