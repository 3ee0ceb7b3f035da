namespace Gantry.Images.StandIn;

/// <summary>GAN3020: the stand-in.</summary>
internal static class StandInErrors
{
    public static GantryException NoStandIn(string image, string reason, Exception? inner = null) =>
        new(
            "GAN3020",
            $"the registry of the base image {image} cannot be reached, and no stand-in can be assembled from this machine: {reason}",
            "connect to the registry, or name a base image that can be reached",
            inner);
}
