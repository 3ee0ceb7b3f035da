using System.Text;

namespace Gantry.Http;

/// <summary>Text that somebody else answers.</summary>
internal static class HttpContentExtensions
{
    /// <summary>
    /// Reads it as UTF-8, whatever character set it names: one that does not exist, or that this program does not know, is no reason to
    /// fail, and all that is looked for is ASCII.
    /// </summary>
    public static async Task<string> ReadAsUtf8StringAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
