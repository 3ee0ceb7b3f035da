using System.Text;

namespace Gantry.Http;

/// <summary>Reads text of HTTP answers.</summary>
internal static class HttpContentExtensions
{
    /// <summary>
    /// Reads the content as UTF-8, whatever character set it declares: an unknown character set must not be an error, and the relevant
    /// parts are ASCII.
    /// </summary>
    public static async Task<string> ReadAsUtf8StringAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Decodes a body as text: by its byte order mark where it has one, as UTF-8 otherwise.</summary>
    public static string DecodeText(this byte[] body)
    {
        using var reader = new StreamReader(new MemoryStream(body), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
