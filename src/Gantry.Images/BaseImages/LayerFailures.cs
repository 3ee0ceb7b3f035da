namespace Gantry.Images.BaseImages;

/// <summary>Creates the errors of layers: their reader does not know for what they are read.</summary>
/// <param name="Unusable">Creates the error for a layer that cannot be read, from a reason and its cause.</param>
/// <param name="TooLarge">Creates the error for layers that exceed a limit, from a reason and the name of the limit.</param>
internal sealed record LayerFailures(Func<string, Exception?, GantryException> Unusable, Func<string, string, GantryException> TooLarge);
