using System.Globalization;

namespace Gantry.Images.Dockerfiles;

/// <summary>Parses the ports of EXPOSE: <c>8080</c>, <c>53/udp</c>, <c>8000-8010</c>.</summary>
internal static class PortRange
{
    /// <summary>Lists the single ports, each with its protocol; throws <c>GAN3002</c> when the text is malformed.</summary>
    public static IEnumerable<string> Parse(string text, SourceLine location)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 || slash == text.Length - 1 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw Error(text, location);

        // An address or a port of the host before the last colon has no meaning in an image; Docker ignores it as well.
        var ports = slash < 0 ? text : text[..slash];
        ports = ports[(ports.LastIndexOf(':') + 1)..];
        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        var first = ParsePort(dash < 0 ? ports : ports[..dash], text, location);
        var last = dash < 0 ? first : ParsePort(ports[(dash + 1)..], text, location);
        if (last < first)
            throw Error(text, location);

        return Enumerable.Range(first, last - first + 1).Select(port => $"{port}/{protocol}");
    }

    private static int ParsePort(string port, string text, SourceLine location) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Error(text, location);

    private static GantryException Error(string text, SourceLine location) =>
        DockerfileErrors.DockerfileSyntax(location, $"'{text}' is not a port such as 8080, 53/udp or 8000-8010");
}
