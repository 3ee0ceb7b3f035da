using Gantry.Attestations;
using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>The keys of an environment or of the build.</summary>
/// <param name="Trust">The trusted keys; null when nothing is signed there.</param>
/// <param name="Signer">The signer; null when this run has none.</param>
internal sealed record SigningAccess(TrustPolicy? Trust, ISigner? Signer);
