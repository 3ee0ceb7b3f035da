using Gantry.Signing;

namespace Gantry.Admission.Tests.Fixtures;

/// <summary>Public keys that are the same in every run, so that snapshots can have them. Their private parts are thrown away.</summary>
internal static class SampleKeys
{
    public static TrustedKey Prod2026 { get; } = Key(
        "keys/prod/2026.pub",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkWuiTXUMOivXCCU0TWN8XqSpjsZbySqMFnCOs9R7RbCsgFXRu+htPFl93kELoem/cId1vJbA6o377ctk7ayogQ==");

    public static TrustedKey Prod2027 { get; } = Key(
        "keys/prod/2027.pub",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOz9FcbJM/oOkC26Wfo9paG2tYGBLusDLHze93DzgLaAPDsyJrygpVnL9M6SOyfyXEsjpBTUu6uFZqHua8hwAlA==");

    private static TrustedKey Key(string name, string info) =>
        new(VerificationKey.FromInfo(Convert.FromBase64String(info), name), name);
}
