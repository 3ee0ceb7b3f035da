using Gantry.IO;

namespace Gantry.Images;

/// <summary>Reads small text files that people write.</summary>
internal static class TextFile
{
    /// <summary>
    /// Reads the text; returns null when there is no such file. Throws <c>GAN3005</c> when it cannot be read, and <c>GAN3035</c> when it is
    /// not a regular file.
    /// </summary>
    public static async Task<string?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        RegularFile.Ensure(path);
        var file = new FileInfo(path);
        if (!file.Exists)
            return null;
        if (file.Length > Limits.DockerfileBytes)
            throw ImageErrors.UnreadableFile(
                path,
                $"it has {Format.Count(file.Length, "byte")}, more than {Limits.DockerfileBytes} (limit {nameof(Limits.DockerfileBytes)})");

        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ImageErrors.UnreadableFile(path, exception.Message.TrimEnd('.'), exception);
        }
    }
}
