using System.Security.Cryptography;
using System.Text;

namespace Gantry.Display.Html;

/// <summary>A style sheet or script that is a file of this package. There is no way to make one of any other text.</summary>
internal sealed class InlineCode
{
    private InlineCode(string text)
    {
        Text = text;
        Hash = "'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text))) + "'";
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>The source by which a Content-Security-Policy allows exactly this text.</summary>
    public string Hash { get; }

    /// <summary>Reads a file that is embedded in this assembly.</summary>
    /// <param name="name">The name of the file.</param>
    public static InlineCode Read(string name)
    {
        using var stream = typeof(InlineCode).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);

        // A browser reads line ends as LF before it compares the hash.
        return new InlineCode(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
