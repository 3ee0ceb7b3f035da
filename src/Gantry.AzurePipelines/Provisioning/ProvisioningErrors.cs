namespace Gantry.AzurePipelines.Provisioning;

/// <summary>GAN905x: applying a declaration to a project.</summary>
internal static class ProvisioningErrors
{
    public static GantryException UnknownIdentity(string name, string reason) =>
        new(
            "GAN9050",
            $"the approver '{name}' {reason}",
            @"write a user as user@contoso.com and a group as [Project or Organization]\Group; "
                + "a group of Entra ID must have been added to the organization");

    public static GantryException AmbiguousIdentity(string name, IEnumerable<string> found) =>
        new(
            "GAN9051",
            $"the approver '{name}' could be {string.Join(" or ", found)}",
            "write the descriptor or the id of the intended one");

    public static GantryException UnknownServiceConnection(string name, string project) =>
        new(
            "GAN9052",
            $"the project {project} has no service connection '{name}'",
            "create it or correct its name in the declaration; the identity that asks must be a Reader of it");

    public static GantryException UnknownVariableGroup(string name, string project) =>
        new(
            "GAN9052",
            $"the project {project} has no variable group '{name}'",
            "create it or correct its name in the declaration; the identity that asks must be a Reader of it");

    public static GantryException UnknownRepository(string name, Uri organization) =>
        new(
            "GAN9076",
            $"{organization} has no repository '{name}' that can be read",
            "correct its address in the declaration; the identity that asks must be a Reader of it");

    public static GantryException OtherOrganization(string repository, string theirs, string ours) =>
        new(
            "GAN9077",
            $"the repository '{repository}' is in the organization '{theirs}', where the token of a job of '{ours}' is not valid",
            "commit with a personal access token of that organization: Token = \"$(GITOPS_TOKEN)\", a secret variable");

    public static GantryException Weakens(IReadOnlyList<PlannedChange> changes) =>
        new(
            "GAN9056",
            $"the plan makes protection weaker, and no reason for that was given: {string.Join("; ", changes.Select(Describe))}",
            "correct the declaration, or give a reason with --weaken-checks \"reason\"");

    public static GantryException Changed(string subject) =>
        new("GAN9057", $"the state in Azure DevOps changed after it was read: {subject}", "run it again to see the new plan");

    public static GantryException SameApprover(string environment, IEnumerable<string> names) =>
        new(
            "GAN9058",
            $"the approvers {string.Join(" and ", names.Select(name => $"'{name}'"))} of the environment '{environment}' are the same, "
                + "which counts only once",
            "leave one of them out");

    public static GantryException Combine(IReadOnlyList<GantryException> errors) => errors is [var only]
        ? only
        : new(
            errors[0].Code,
            string.Join("; ", errors.Select((error, i) => i == 0 ? error.Problem : $"{error.Code}: {error.Problem}")),
            errors[0].Remedy,
            new AggregateException(errors));

    private static string Describe(PlannedChange change) => change.Kind == ChangeKind.Remove
        ? $"{change.Subject} is removed"
        : $"{change.Subject} ({string.Join(", ", change.Settings.Where(setting => setting.MayWeaken))})";
}
