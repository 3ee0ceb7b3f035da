using Gantry.Environments;

namespace Gantry.AzurePipelines.Gates;

/// <summary>A gate that Azure DevOps holds. Elsewhere a person answers for it.</summary>
public abstract record AzureDevOpsGate : Gate
{
    private protected AzureDevOpsGate()
    {
    }

    /// <inheritdoc/>
    public override bool IsEvaluatedByPromotion => false;
}
