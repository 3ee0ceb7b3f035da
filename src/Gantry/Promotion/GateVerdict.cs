namespace Gantry.Promotion;

/// <summary>How a gate came to hold.</summary>
public enum GateVerdict
{
    /// <summary>It was found to hold, from the registries and the clock.</summary>
    Held,

    /// <summary>A person answered for it, who ran the promotion.</summary>
    Approved,

    /// <summary>The service that ran the promotion held it.</summary>
    Service,

    /// <summary>It did not hold, and a person went past it for a reason.</summary>
    Overridden,
}
