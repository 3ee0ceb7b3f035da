namespace Gantry.Signing;

/// <summary>The files with public keys in a repository: <c>keys/prod/2026.pub</c>.</summary>
/// <param name="rootFolder">The folder that paths are relative to, usually the root of the repository.</param>
public sealed class KeyFiles(string rootFolder)
{
    private IReadOnlyDictionary<string, string>? _texts;

    /// <summary>The folder that paths are relative to.</summary>
    internal string RootFolder => rootFolder;

    /// <summary>The end of the name of a file with a public key.</summary>
    public const string Extension = ".pub";

    /// <summary>Returns files that are not on this machine: only these are there.</summary>
    /// <param name="texts">The texts of the files, by their names.</param>
    public static KeyFiles Of(IReadOnlyDictionary<string, string> texts) => new(".") { _texts = texts };

    /// <summary>
    /// Reads the files of a folder whose name ends with <see cref="Extension"/>, in the order of their names; none when there is no such
    /// folder. Throws like <see cref="TrustedKey.Parse"/>.
    /// </summary>
    /// <param name="folder">The folder, relative to the root.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<TrustedKey>> ReadFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (_texts is not null)
            return await ReadAsync(
                [.. _texts.Keys.Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)],
                cancellationToken);
        var full = Path.GetFullPath(folder, Path.GetFullPath(rootFolder));
        if (!Directory.Exists(full))
            return [];
        var names = Directory.EnumerateFiles(full, "*" + Extension).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        return await ReadAsync([.. names.Select(name => $"{folder}/{name}")], cancellationToken);
    }

    /// <summary>
    /// Reads files. Throws <c>GAN4222</c> when one does not exist or cannot be read, otherwise like <see cref="TrustedKey.Parse"/>.
    /// </summary>
    /// <param name="files">The files, relative to the root.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<TrustedKey>> ReadAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var keys = new List<TrustedKey>();
        foreach (var file in files)
        {
            if (_texts is not null)
            {
                keys.Add(_texts.TryGetValue(file, out var text)
                    ? TrustedKey.Parse(text, file)
                    : throw SigningErrors.MalformedKeyFile(file, "it is not in the declaration"));
                continue;
            }

            try
            {
                keys.Add(await TrustedKey.ReadFileAsync(
                    Path.GetFullPath(file, Path.GetFullPath(rootFolder)), file.Replace('\\', '/'), cancellationToken));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw SigningErrors.MalformedKeyFile(file, exception.Message.TrimEnd('.'));
            }
        }

        return keys;
    }
}
