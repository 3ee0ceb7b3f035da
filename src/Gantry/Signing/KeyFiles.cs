namespace Gantry.Signing;

/// <summary>The files with public keys in a repository: <c>keys/prod/2026.pub</c>.</summary>
/// <param name="rootFolder">The folder that paths are relative to, usually the root of the repository.</param>
public sealed class KeyFiles(string rootFolder)
{
    /// <summary>The folder that paths are relative to.</summary>
    internal string RootFolder => rootFolder;

    /// <summary>The end of the name of a file with a public key.</summary>
    public const string Extension = ".pub";

    /// <summary>
    /// Reads the files of a folder whose name ends with <see cref="Extension"/>, in the order of their names; none when there is no such
    /// folder. Throws like <see cref="TrustedKey.Parse"/>.
    /// </summary>
    /// <param name="folder">The folder, relative to the root.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<TrustedKey>> ReadFolderAsync(string folder, CancellationToken cancellationToken)
    {
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
