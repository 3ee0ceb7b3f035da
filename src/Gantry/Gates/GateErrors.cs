namespace Gantry.Gates;

/// <summary>GAN5xxx: what must hold before a promotion.</summary>
internal static class GateErrors
{
    public static GantryException UnsoundGate(string gate, string environment, string fault) =>
        new("GAN5001", $"the gate '{gate}' of the environment '{environment}' cannot hold: {fault}", "correct the gate in the declaration of the environment");
}
