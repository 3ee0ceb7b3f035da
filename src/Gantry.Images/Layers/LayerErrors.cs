using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Layers;

/// <summary>GAN3013, GAN3014, GAN3019: new layers.</summary>
internal static class LayerErrors
{
    public static GantryException DestinationConflict(SourceLine location, string destination, string reason) =>
        new("GAN3013", $"{location}: COPY cannot write '{destination}': {reason}", "choose another destination");

    public static GantryException UnknownUser(SourceLine location, string kind, string name, string file) =>
        new("GAN3014", $"{location}: the {kind} '{name}' is not in {file} of the base image", "use its number instead of its name");

    public static GantryException IdOutOfRange(SourceLine location, string kind, string number, long maximum) =>
        new("GAN3014", $"{location}: no {kind} can have the number {number}", $"use a number from 0 to {maximum}");

    public static GantryException CannotStoreLayer(string folder, Exception inner) =>
        ImageErrors.LimitOf(inner, folder) ?? new(
            "GAN3019",
            $"a layer cannot be written to {folder}: {inner.Message}",
            "free some space there or choose another folder for temporary files",
            inner);
}
