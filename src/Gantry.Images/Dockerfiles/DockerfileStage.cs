using Gantry.Oci;

namespace Gantry.Images.Dockerfiles;

/// <summary>A Dockerfile up to and including FROM, resolved for one platform.</summary>
/// <param name="Scope">The variables at the first instruction after FROM.</param>
/// <param name="BaseImage">The base image; null for <c>scratch</c>.</param>
/// <param name="Location">The position of FROM.</param>
internal sealed record DockerfileStage(VariableScope Scope, ImageReference? BaseImage, SourceLine Location)
{
    private const string Scratch = "scratch";

    /// <summary>Resolves FROM; throws <c>GAN3002</c>, <c>GAN3003</c> or <c>GAN3006</c>.</summary>
    public static DockerfileStage Begin(DockerfileDocument document, Platform platform, IReadOnlyDictionary<string, string> buildArguments)
    {
        var from = document.From ?? throw new InvalidOperationException("A Dockerfile that needs an engine has no stage to begin.");
        if (platform.Os != "linux")
            throw DockerfileErrors.NeedsEngine(from.Location, $"the image is for {platform}");

        var scope = new VariableScope(platform, buildArguments, document.Escape);
        foreach (var arg in document.GlobalArguments)
            scope.DeclareGlobal(arg);

        if (from.Platform is { } flag)
            CheckPlatform(scope.ExpandGlobal(flag, from.Location), platform, from.Location);
        return new DockerfileStage(scope, ReadImage(scope.ExpandGlobal(from.Image, from.Location), from), from.Location);
    }

    // A fixed platform would put the files of that platform into an image for another one.
    private static void CheckPlatform(string text, Platform platform, SourceLine location)
    {
        var wanted = text.Length > 0
            ? Platform.Parse(text)
            : throw DockerfileErrors.DockerfileSyntax(location, "the flag '--platform' has no value");
        if (!wanted.Satisfies(platform))
            throw DockerfileErrors.DockerfileSyntax(location, $"FROM is fixed to {wanted} while the image is built for {platform}");
    }

    private static ImageReference? ReadImage(string text, FromInstruction from)
    {
        if (text.Length == 0)
            throw DockerfileErrors.MalformedBaseImage(
                from.Location, from.Image, "its variables are not set, so that nothing is left of it");
        if (text == Scratch)
            return null;

        try
        {
            return ImageReference.Parse(text);
        }
        catch (GantryException exception)
        {
            throw DockerfileErrors.MalformedBaseImage(from.Location, text, exception.Problem);
        }
    }
}
