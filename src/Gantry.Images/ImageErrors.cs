using Gantry.Images.Dockerfiles;
using Gantry.Oci;

namespace Gantry.Images;

/// <summary>GAN3xxx: Dockerfiles and image builds.</summary>
internal static class ImageErrors
{
    private const string UseEngine = "build it with --image-builder docker";

    public static GantryException DockerfileMissing(string path) =>
        new("GAN3001", $"there is no Dockerfile at {path}", "create it, or name another one in the declaration of the image");

    public static GantryException DockerfileSyntax(SourceLine location, string reason) =>
        new("GAN3002", $"{location}: {reason}", "correct the line as https://docs.docker.com/reference/dockerfile/ describes");

    public static GantryException NeedsEngine(SourceLine location, string reason) =>
        new("GAN3003", $"{location}: a Docker engine is needed, because {reason}", UseEngine + ", or let the Dockerfile only copy what was compiled before");

    public static bool IsNeedsEngine(GantryException exception) => exception.Code == "GAN3003";

    public static GantryException UnknownInstruction(SourceLine location, string keyword) =>
        new("GAN3004", $"{location}: '{keyword}' is not a Dockerfile instruction", "correct the spelling or remove the line");

    public static GantryException UnreadableFile(string path, string reason, Exception? inner = null) =>
        new("GAN3005", $"{path} cannot be read: {reason}", "check the file and its permissions", inner);

    public static GantryException MalformedBaseImage(SourceLine location, string text, string reason) =>
        new("GAN3006", $"{location}: the base image '{text}' cannot be used: {reason}", "name it with its tag or digest, for example mcr.microsoft.com/dotnet/aspnet:10.0");

    public static GantryException BaseImageNotFound(SourceLine location, ImageReference image) =>
        new("GAN3007", $"{location}: the base image {image} does not exist", "correct the name, the tag or the digest, or sign in to its registry");

    public static GantryException NoSuchPlatform(SourceLine location, string image, Platform platform, IEnumerable<Platform> offered) =>
        new("GAN3008", $"{location}: the base image {image} does not run on {platform}, only on {string.Join(", ", offered)}", "choose another base image or other platforms");

    public static GantryException UnusableBaseImage(string image, string reason, Exception? inner = null) =>
        new("GAN3009", $"the base image {image} cannot be used: {reason}", "choose another base image, or " + UseEngine, inner);

    public static GantryException SourceNotFound(SourceLine location, string source, string context, string? detail = null) =>
        new("GAN3010", $"{location}: COPY finds no '{source}' in {context}{(detail is null ? "" : $": {detail}")}", "create it before the image is built, or correct the path, which is taken from the root of the build context");

    public static GantryException SourceOutsideContext(SourceLine location, string source, string reason) =>
        new("GAN3011", $"{location}: COPY '{source}' leaves the build context: {reason}", "move the file into the context, or make the context a folder further up");

    public static GantryException SpecialFile(SourceLine location, string path) =>
        new("GAN3012", $"{location}: '{path}' is neither a file, nor a directory, nor a symbolic link", "remove it from the build context or list it in .dockerignore");

    public static GantryException DestinationConflict(SourceLine location, string destination, string reason) =>
        new("GAN3013", $"{location}: COPY cannot write '{destination}': {reason}", "choose another destination");

    public static GantryException UnknownUser(SourceLine location, string kind, string name, string file) =>
        new("GAN3014", $"{location}: the {kind} '{name}' is not in {file} of the base image", "use its number instead of its name");

    public static GantryException MalformedFlag(SourceLine location, string flag, string value, string expected) =>
        new("GAN3015", $"{location}: --{flag}={value} is not {expected}", "correct the value");

    public static GantryException MalformedIgnorePattern(SourceLine location, string pattern) =>
        new("GAN3016", $"{location}: '{pattern}' is not a pattern", "correct or remove it; the rules are at https://docs.docker.com/build/concepts/context/#dockerignore-files");

    public static GantryException FileChanged(string path) =>
        new("GAN3017", $"the file {path} changed while it was copied into the image", "build again when nothing else writes to it");

    public static GantryException ContextMissing(string path) =>
        new("GAN3018", $"the build context {path} is not a folder", "create it, or name another one in the declaration of the image");

    // No connection, another server that answers instead (a proxy), or no answer.
    public static bool IsUnreachable(GantryException exception) => exception.Code is "GAN2001" or "GAN2002" or "GAN2012";

    public static GantryException NoStandIn(string image, string reason, Exception? inner = null) =>
        new("GAN3020", $"the registry of the base image {image} cannot be reached, and no stand-in can be assembled from this machine: {reason}", "connect to the registry, or name a base image that can be reached", inner);

    public static GantryException UnreadableSource(SourceLine location, string path, Exception inner) =>
        new("GAN3021", $"{location}: '{path}' cannot be read: {inner.Message}", "check its permissions, or list it in .dockerignore", inner);
}
