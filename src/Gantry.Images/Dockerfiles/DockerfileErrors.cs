namespace Gantry.Images.Dockerfiles;

/// <summary>GAN30xx: Dockerfiles, and what they need.</summary>
internal static class DockerfileErrors
{
    public static GantryException DockerfileMissing(string path) =>
        new("GAN3001", $"there is no Dockerfile at {path}", "create it, or name another one in the declaration of the image");

    public static GantryException DockerfileSyntax(SourceLine location, string reason) =>
        new("GAN3002", $"{location}: {reason}", "correct the line as https://docs.docker.com/reference/dockerfile/ describes");

    public static GantryException NeedsEngine(SourceLine location, string reason) =>
        new(
            "GAN3003",
            $"{location}: a Docker engine is needed, because {reason}",
            "build it with a Docker engine, or let the Dockerfile only copy what was compiled before")
        {
            Kind = ErrorKind.EngineRequired,
            Actions = [RemedyAction.BuildWithEngine],
        };

    /// <summary>Returns true for the error that only a Docker engine can build a file.</summary>
    public static bool IsNeedsEngine(GantryException exception) => exception.Kind == ErrorKind.EngineRequired;

    public static GantryException UnknownInstruction(SourceLine location, string keyword) =>
        new("GAN3004", $"{location}: '{keyword}' is not a Dockerfile instruction", "correct the spelling or remove the line");

    public static GantryException MalformedBaseImage(SourceLine location, string text, string reason) =>
        new(
            "GAN3006",
            $"{location}: the base image '{text}' cannot be used: {reason}",
            "name it with its tag or digest, for example mcr.microsoft.com/dotnet/aspnet:10.0");

    public static GantryException TooLarge(SourceLine location, string reason, string limit) =>
        new(
            "GAN3031",
            $"{location}: {reason} (limit {limit})",
            "shorten it: a variable whose value repeats another one several times grows with every line");

    public static GantryException MalformedFlag(SourceLine location, string flag, string value, string expected) =>
        new("GAN3015", $"{location}: --{flag}={value} is not {expected}", "correct the value");
}
