using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Nuke.Versioning;

/// <summary>
/// Keeps the version that GitVersion calculated, for runs on a developer's machine: starting it takes longer than all else before the
/// question of a promotion. The version is used again while nothing has changed that GitVersion reads: the commit, every reference, its
/// configuration and the program itself.
/// </summary>
/// <param name="file">The file of the cache, in the temporary folder of the build.</param>
/// <param name="git">Runs git in the root of the repository.</param>
/// <param name="packages">The file with the packages of the build, which has the version of GitVersion.</param>
internal sealed class VersionCache(string file, Git git, string packages)
{
    private static readonly string[] s_configurations = ["GitVersion.yml", "GitVersion.yaml", ".GitVersion.yml", ".GitVersion.yaml"];

    /// <summary>Returns the version of the same state, or calculates and keeps it.</summary>
    public GitVersion GetOrAdd(Func<GitVersion> calculate)
    {
        if (FindKey() is not { } key)
            return calculate();
        if (Read() is { } kept && kept.Key == key)
            return kept.Version;
        var version = calculate();
        Write(new KeptVersion(key, version));
        return version;
    }

    // Null when git does not answer, and GitVersion says why; or when the packages are not known.
    private string? FindKey()
    {
        var commit = git.TryRun("rev-parse", "HEAD");
        var references = git.TryRun("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)");
        if (commit is null || references is null || !File.Exists(packages))
            return null;
        var state = new StringBuilder(File.ReadAllText(packages)).Append('\n').Append(commit).Append('\n').Append(references).Append('\n');

        // A detached head has none.
        state.Append(git.TryRun("symbolic-ref", "--quiet", "HEAD")).Append('\n');
        var names = s_configurations.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var configuration in Directory.EnumerateFiles(git.Folder).Where(path => names.Contains(Path.GetFileName(path))).Order())
            state.Append(Path.GetFileName(configuration)).Append('\n').Append(File.ReadAllText(configuration)).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.ToString())));
    }

    private KeptVersion? Read()
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), VersionCacheJson.Default.KeptVersion) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return null;
        }
    }

    private void Write(KeptVersion version)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var complete = $"{file}.{Environment.ProcessId}";
            File.WriteAllBytes(complete, JsonSerializer.SerializeToUtf8Bytes(version, VersionCacheJson.Default.KeptVersion));
            File.Move(complete, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next run calculates it again.
        }
    }
}

/// <summary>A version, and the digest of the state from which it was calculated.</summary>
internal sealed record KeptVersion(string Key, GitVersion Version);

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeptVersion))]
internal sealed partial class VersionCacheJson : JsonSerializerContext;
