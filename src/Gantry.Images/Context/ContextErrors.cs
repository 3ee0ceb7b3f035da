using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Context;

/// <summary>GAN3010 to GAN3021, GAN3037, GAN3038: the files that COPY reads.</summary>
internal static class ContextErrors
{
    public static GantryException SourceNotFound(SourceLine location, string source, string context, string? detail = null) =>
        new(
            "GAN3010",
            $"{location}: COPY finds no '{source}' in {context}{(detail is null ? "" : $": {detail}")}",
            "create it before the image is built, or correct the path, which is taken from the root of the build context");

    public static GantryException SourceOutsideContext(SourceLine location, string source, string reason) =>
        new(
            "GAN3011",
            $"{location}: COPY '{source}' leaves the build context: {reason}",
            "move the file into the context, or make the context a folder further up");

    public static GantryException SpecialFile(SourceLine location, string path) =>
        new(
            "GAN3012",
            $"{location}: '{path}' is neither a file, nor a directory, nor a symbolic link",
            "remove it from the build context or list it in .dockerignore");

    public static GantryException MalformedIgnorePattern(SourceLine location, string pattern) =>
        new(
            "GAN3016",
            $"{location}: '{pattern}' is not a pattern",
            "correct or remove it; the rules are at https://docs.docker.com/build/concepts/context/#dockerignore-files");

    public static GantryException FileChanged(string path) =>
        new("GAN3017", $"the file {path} changed while it was copied into the image", "build again when nothing else writes to it");

    public static GantryException ContextMissing(string path) =>
        new("GAN3018", $"the build context {path} is not a folder", "create it, or name another one in the declaration of the image");

    public static GantryException NameNotUtf8(SourceLine location, string path) =>
        new(
            "GAN3038",
            $"{location}: the name of '{path}' is not UTF-8",
            "rename it, or list its folder in .dockerignore");

    public static GantryException LinkNotUtf8(SourceLine location, string path) =>
        new(
            "GAN3038",
            $"{location}: '{path}' is a symbolic link to a path that is not UTF-8",
            "rename what it points to and correct the link, or list it in .dockerignore");

    public static GantryException WhiteoutName(SourceLine location, string path) =>
        new(
            "GAN3037",
            $"{location}: '{path}' cannot be in an image, because a name in a layer that begins with '.wh.' deletes files below it",
            "rename it, or list it in .dockerignore");

    public static GantryException UnreadableSource(SourceLine location, string path, Exception inner) =>
        ImageErrors.LimitOf(inner, path) ?? new(
            "GAN3021",
            $"{location}: '{path}' cannot be read: {inner.Message}",
            "check its permissions, or list it in .dockerignore",
            inner);
}
