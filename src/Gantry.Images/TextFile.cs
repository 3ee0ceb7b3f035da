namespace Gantry.Images;

/// <summary>Reads small text files that a person wrote.</summary>
internal static class TextFile
{
    // Nobody writes a Dockerfile or .dockerignore of this size.
    private const long MaximumSize = 1024 * 1024;

    /// <summary>The text, null when there is no such file, or <c>GAN3005</c>.</summary>
    public static async Task<string?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return null;
        if (file.Length > MaximumSize)
            throw ImageErrors.UnreadableFile(path, $"it has {file.Length} bytes, more than {MaximumSize}");

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
