namespace Gantry.Admission.Tests.Fixtures;

/// <summary>Environments for which policies are generated.</summary>
internal static class SampleTargets
{
    public static AdmissionOptions Everything { get; } = new() { Engines = AdmissionEngines.All };

    /// <summary>Two images in one registry, one key, every namespace: all that has a default has it.</summary>
    public static AdmissionTarget Test { get; } = new("test")
    {
        Repositories = ["contosotest.azurecr.io/shop/api", "contosotest.azurecr.io/shop/worker"],
        Keys = [SampleKeys.Prod2026 with { Name = "keys/test/2026.pub" }],
        NotationSubject = "C=DE, ST=Berlin, O=Contoso, CN=test",
    };

    /// <summary>Two images in two regions, of which one is not on Azure, two keys, and everything that can be set.</summary>
    public static AdmissionTarget Prod { get; } = new("prod")
    {
        Repositories =
        [
            "contosoprodweu.azurecr.io/shop/api", "contosoprodweu.azurecr.io/shop/worker",
            "registry.contoso.com:5000/shop/api", "registry.contoso.com:5000/shop/worker",
        ],
        Keys =
        [
            SampleKeys.Prod2026 with { Until = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero) },
            SampleKeys.Prod2027 with { From = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero) },
        ],
        VerifierId = "https://contoso.com/gantry/verifier/v1",
        Namespaces = ["shop", "shop-jobs"],
        AllowedImages = ["mcr.microsoft.com/oss/*"],
        RefuseBreakGlass = true,
        NotationSubject = @"C=DE, ST=Berlin, O=Contoso\, GmbH, CN=prod",
        NotationTrustStore = "contoso-prod",
    };

    public static IReadOnlyDictionary<string, AdmissionTarget> All { get; } =
        new Dictionary<string, AdmissionTarget> { ["test"] = Test, ["prod"] = Prod };

    public static IReadOnlyList<AdmissionFile> Generate(AdmissionTarget target) => AdmissionGenerator.Generate(target, Everything);

    public static AdmissionFile Generate(AdmissionTarget target, AdmissionEngines engine) =>
        AdmissionGenerator.Generate(target, new() { Engines = engine })[0];
}
