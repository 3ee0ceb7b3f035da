using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.Cli;

/// <summary>Content of registries on its way to an output.</summary>
internal static class StoredText
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = Limits.JsonDepth };

    /// <summary>Parses content as JSON; null when it is none.</summary>
    public static JsonNode? Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            return JsonNode.Parse(content.Span, documentOptions: s_options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes bytes to an output that is opened for them.</summary>
    public static void Write(Func<Stream> open, ReadOnlyMemory<byte> content, bool endsLine)
    {
        using var stream = open();
        stream.Write(content.Span);
        if (endsLine)
            stream.Write("\n"u8);
    }

    /// <summary>Reads content that is shown; throws <c>GAN4120</c> when it is too large for that.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream content, string what, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[81920];
        for (int count; (count = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (memory.Length + count > Limits.ShownDocumentBytes)
                throw CliErrors.NotForTerminals(what);
            memory.Write(buffer, 0, count);
        }

        return memory.ToArray();
    }
}
