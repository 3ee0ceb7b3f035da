using Azure.Core;
using Gantry.Azure.SignIn;
using Gantry.Azure.Tests.Fakes;
using Gantry.Environments;
using Gantry.Testing;

namespace Gantry.Azure.Tests.SignIn;

[Collection(EnvironmentVariableCollection.Name)]
public sealed class SignInTests : IDisposable
{
    private const string Registry = "https://containerregistry.azure.net/.default";
    private const string OtherClient = "33333333-0000-0000-0000-000000000003";

    private readonly TempFolder _tools = new();
    private readonly FakeHttpHosts _hosts = new();
    private readonly List<string> _notices = [];
    private readonly List<string> _log = [];
    private readonly EnvironmentVariableScope _environment;
    private readonly Dictionary<string, string?> _variables = new()
    {
        ["AZURESUBSCRIPTION_TENANT_ID"] = FakeSignInServices.Tenant,
        ["AZURESUBSCRIPTION_CLIENT_ID"] = FakeSignInServices.Client,
        ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = FakeSignInServices.Connection,
        ["SYSTEM_ACCESSTOKEN"] = FakeSignInServices.JobToken,
        ["SYSTEM_OIDCREQUESTURI"] = FakeSignInServices.OidcUri,
    };

    // The library reads some variables itself, and no tool of this machine may replace the one that a test creates.
    public SignInTests()
    {
        _environment = new EnvironmentVariableScope().Set("SYSTEM_OIDCREQUESTURI", FakeSignInServices.OidcUri).Set("PATH", _tools.Path);
        foreach (var name in (string[])["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE",
            "AZURE_TOKEN_CREDENTIALS", "IDENTITY_ENDPOINT", "MSI_ENDPOINT"])
            _environment.Set(name, null);
    }

    public void Dispose()
    {
        _environment.Dispose();
        _tools.Dispose();
    }

    [Fact]
    public async Task In_a_task_its_service_connection_signs_in_with_one_notice()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [OtherClient] };

        var token = await SignInAsync();

        Assert.NotEmpty(token);
        Assert.Equal([$"{FakeSignInServices.Client} {Registry}"], signIn.IssuedTokens);
        Assert.Equal(
            $"Azure: signed in with service connection as application {FakeSignInServices.Client} in tenant {FakeSignInServices.Tenant}",
            Assert.Single(_notices));
        _hosts.AssertNoViolation();
    }

    [Fact]
    public async Task The_log_shows_the_requests_and_tokens_of_a_sign_in_and_no_secret()
    {
        _ = new FakeSignInServices(_hosts);

        var token = await SignInAsync();

        Assert.Contains(_log, line => line.StartsWith($"POST {FakeSignInServices.OidcUri}: 200, ", StringComparison.Ordinal));
        Assert.Contains(_log, line => line.StartsWith($"token of Microsoft Entra ID, scope {Registry}, until ", StringComparison.Ordinal));
        Assert.All(_log, line => Assert.DoesNotContain(token, line, StringComparison.Ordinal));
        Assert.All(_log, line => Assert.DoesNotContain(FakeSignInServices.JobToken, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_identity_signs_in_once_for_all_uses()
    {
        var signIn = new FakeSignInServices(_hosts);
        using var session = CreateSession();
        var context = new TokenRequestContext([Registry]);

        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => session.Credential(null, AzureCloud.Public).GetTokenAsync(context, default).AsTask()));
        await session.Credential(new AzureIdentity { Cloud = AzureCloud.Public }, AzureCloud.China).GetTokenAsync(context, default);

        Assert.Single(signIn.IssuedTokens);
        Assert.Single(_notices);
    }

    [Theory]
    [InlineData("AzureChinaCloud", "login.chinacloudapi.cn")]
    [InlineData("AzureUSGovernment", "login.microsoftonline.us")]
    public async Task A_sovereign_cloud_has_its_own_authority(string cloud, string authority)
    {
        var signIn = new FakeSignInServices(_hosts, authority);

        await SignInAsync(new AzureIdentity { Cloud = AzureCloud.Parse(cloud) });

        Assert.Single(signIn.IssuedTokens);
        Assert.DoesNotContain(_hosts.Requests, request => request.Contains("microsoftonline.com", StringComparison.Ordinal));
        _hosts.AssertNoViolation();
    }

    [Theory]
    [InlineData("AZURESUBSCRIPTION_TENANT_ID")]
    [InlineData("AZURESUBSCRIPTION_CLIENT_ID")]
    [InlineData("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")]
    [InlineData("SYSTEM_ACCESSTOKEN")]
    [InlineData("SYSTEM_OIDCREQUESTURI")]
    public async Task A_variable_that_is_missing_is_named(string missing)
    {
        _variables[missing] = missing == "SYSTEM_ACCESSTOKEN" ? "$(System.AccessToken)" : "";

        var error = await FailsAsync();

        Assert.Equal("GAN9007", error.Code);
        Assert.Contains($"{missing} is missing,", error.Problem, StringComparison.Ordinal);
        Assert.Equal(
            missing == "SYSTEM_ACCESSTOKEN", error.Remedy.Contains("SYSTEM_ACCESSTOKEN: $(System.AccessToken)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_notice_of_another_sign_in_names_the_variable_that_the_connection_lacks()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [OtherClient] };
        _variables["SYSTEM_ACCESSTOKEN"] = null;

        await SignInAsync();

        Assert.Single(signIn.IssuedTokens);
        Assert.Contains("managed identity", Assert.Single(_notices), StringComparison.Ordinal);
        Assert.EndsWith(
            "the task's service connection is not used because SYSTEM_ACCESSTOKEN is missing", _notices[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_job_of_GitHub_its_application_signs_in_again_and_again()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [OtherClient] };
        BecomeGitHubJob();

        await SignInAsync();

        Assert.Equal([$"{FakeSignInServices.Client} {Registry}"], signIn.IssuedTokens);
        Assert.Equal(
            $"Azure: signed in with GitHub Actions as application {FakeSignInServices.Client} in tenant {FakeSignInServices.Tenant}",
            Assert.Single(_notices));
        Assert.All(_log, line => Assert.DoesNotContain(FakeSignInServices.JobToken, line, StringComparison.Ordinal));
        _hosts.AssertNoViolation();
    }

    [Fact]
    public async Task A_job_for_which_GitHub_does_not_vouch_uses_no_other_identity()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [OtherClient] };
        BecomeGitHubJob();
        _variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "of another job";

        var error = await FailsAsync();

        Assert.Equal("GAN9002", error.Code);
        Assert.Contains("GitHub does not vouch for this job (HTTP 403)", error.Message, StringComparison.Ordinal);
        Assert.Empty(signIn.IssuedTokens);
    }

    [Theory]
    [InlineData("ACTIONS_ID_TOKEN_REQUEST_URL", "not in a job of GitHub Actions with the permission id-token: write")]
    [InlineData("AZURE_CLIENT_ID", "AZURE_CLIENT_ID not set")]
    [InlineData("AZURE_TENANT_ID", "AZURE_TENANT_ID not set")]
    public async Task A_job_of_GitHub_that_lacks_a_variable_says_so(string missing, string reason)
    {
        BecomeGitHubJob();
        _variables[missing] = null;

        Assert.Contains(reason, (await FailsAsync()).Message, StringComparison.Ordinal);
    }

    private void BecomeGitHubJob()
    {
        _variables.Clear();
        _variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = FakeSignInServices.GitHubUri;
        _variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = FakeSignInServices.JobToken;
        _variables["AZURE_CLIENT_ID"] = FakeSignInServices.Client;
        _variables["AZURE_TENANT_ID"] = FakeSignInServices.Tenant;
    }

    [Fact]
    public async Task Outside_of_a_pipeline_the_machine_s_own_identity_signs_in()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [FakeSignInServices.Client, OtherClient] };
        _variables.Clear();

        await SignInAsync();

        Assert.Equal([$"{FakeSignInServices.Client} https://containerregistry.azure.net"], signIn.IssuedTokens);
        Assert.Contains($"managed identity as application {FakeSignInServices.Client}", Assert.Single(_notices), StringComparison.Ordinal);
        _hosts.AssertNoViolation();
    }

    [Fact]
    public async Task A_declared_client_id_chooses_among_the_machine_s_identities()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [FakeSignInServices.Client, OtherClient] };
        _variables.Clear();

        await SignInAsync(new AzureIdentity { ClientId = OtherClient });

        Assert.Equal([$"{OtherClient} https://containerregistry.azure.net"], signIn.IssuedTokens);
    }

    [Fact]
    public async Task A_service_principal_of_another_tenant_is_skipped()
    {
        // Without a declared identity, the library requests that of the variable from the machine.
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [FakeSignInServices.Client] };
        _variables.Clear();
        foreach (var (name, value) in new[]
        {
            ("AZURE_TENANT_ID", "44444444-0000-0000-0000-000000000004"),
            ("AZURE_CLIENT_ID", FakeSignInServices.Client),
            ("AZURE_CLIENT_SECRET", "secret"),
        })
        {
            _environment.Set(name, value);
            _variables[name] = value;
        }

        await SignInAsync(new AzureIdentity { TenantId = FakeSignInServices.Tenant });

        Assert.Contains("signed in with managed identity", Assert.Single(_notices), StringComparison.Ordinal);
        Assert.DoesNotContain(_hosts.Requests, request => request.Contains("44444444", StringComparison.Ordinal));
        Assert.Single(signIn.IssuedTokens);
    }

    [Fact]
    public async Task A_declared_service_connection_is_used_instead_of_the_task_s()
    {
        var signIn = new FakeSignInServices(_hosts);
        _variables["AZURESUBSCRIPTION_CLIENT_ID"] = OtherClient;
        _variables["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = OtherClient;

        await SignInAsync(new AzureIdentity
        {
            ClientId = FakeSignInServices.Client,
            TenantId = FakeSignInServices.Tenant,
            ServiceConnectionId = FakeSignInServices.Connection,
        });

        Assert.Equal([$"{FakeSignInServices.Client} {Registry}"], signIn.IssuedTokens);
        _hosts.AssertNoViolation();
    }

    [Fact]
    public async Task Two_environments_use_two_identities()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [FakeSignInServices.Client, OtherClient] };
        _variables.Clear();
        using var session = CreateSession();

        foreach (var client in (string[])[FakeSignInServices.Client, OtherClient])
            await session.Credential(new AzureIdentity { ClientId = client }, AzureCloud.Public).GetTokenAsync(
                new TokenRequestContext([Registry]), default);

        Assert.Equal(2, signIn.IssuedTokens.Distinct().Count());
        Assert.Equal(2, _notices.Count);
    }

    [Fact]
    public async Task The_task_of_another_application_is_skipped()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [OtherClient] };

        var error = await FailsAsync(new AzureIdentity { ClientId = OtherClient });

        Assert.Equal("GAN9008", error.Code);
        Assert.Contains(FakeSignInServices.Client, error.Problem, StringComparison.Ordinal);
        Assert.Contains(OtherClient, error.Problem, StringComparison.Ordinal);
        Assert.Empty(signIn.IssuedTokens);
    }

    [UnixFact]
    public async Task On_a_laptop_the_account_of_the_Azure_CLI_signs_in()
    {
        _variables.Clear();
        var token = ScriptedTokenExchange.Token(DateTimeOffset.UnixEpoch.AddYears(100), FakeSignInServices.Tenant);
        Tool(
            "az",
            $$"""echo '{"accessToken":"{{token}}","expiresOn":"2069-12-31 23:59:59.000000","expires_on":3155759999,"subscription":"1","tenant":"{{FakeSignInServices.Tenant}}","tokenType":"Bearer"}'""");

        Assert.Equal(token, await SignInAsync());
        Assert.Equal($"Azure: signed in with Azure CLI in tenant {FakeSignInServices.Tenant}", Assert.Single(_notices));
    }

    [UnixFact]
    public async Task Within_a_task_the_Azure_CLI_comes_before_the_machine_s_identity()
    {
        var signIn = new FakeSignInServices(_hosts) { ManagedIdentities = [OtherClient] };
        _variables["SYSTEM_ACCESSTOKEN"] = null;
        Tool(
            "az",
            $$"""echo '{"accessToken":"of the task","expiresOn":"2069-12-31 23:59:59.000000","expires_on":3155759999,"subscription":"1","tenant":"t","tokenType":"Bearer"}'""");

        Assert.Equal("of the task", await SignInAsync());
        Assert.Empty(signIn.IssuedTokens);
    }

    [UnixFact]
    public async Task An_expired_sign_in_of_the_Azure_CLI_is_reported_with_a_remedy()
    {
        _variables.Clear();
        Tool(
            "az",
            "echo 'ERROR: AADSTS700082: The refresh token has expired due to inactivity. "
                + "The token was issued on 2026-01-01 and was inactive for 90.00:00:00.' >&2; exit 1");

        var error = await FailsAsync();

        Assert.Contains("AADSTS700082", error.Problem, StringComparison.Ordinal);
        Assert.Contains("az login", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_sign_in_every_method_gives_its_reason()
    {
        _variables.Clear();

        var error = await FailsAsync();

        Assert.Equal("GAN9001", error.Code);
        foreach (var method in (string[])["service connection: not in an Azure Pipelines task", "service principal: ",
            "workload identity: ", "managed identity: ", "Azure CLI: ", "Azure Developer CLI: ", "Azure PowerShell: ", "Visual Studio: "])
            Assert.Contains(method, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("aka.ms", error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("Credential", error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
        Assert.Contains("az login", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "AADSTS700213: No matching federated identity record found for presented assertion subject 'sc://contoso/web/prod'.",
        "subject")]
    [InlineData("AADSTS700211: No matching federated identity record found for presented assertion issuer.", "issuer")]
    [InlineData("AADSTS700016: Application with identifier '1' was not found in the directory 'Fabrikam'.", "client id or the tenant")]
    [InlineData("AADSTS90002: Tenant 'contoso.example' not found.", "tenant id")]
    [InlineData("AADSTS700024: Client assertion is not within its valid time range.", "SYSTEM_ACCESSTOKEN")]
    [InlineData("AADSTS7000222: The provided client secret keys are expired.", "workload identity federation")]
    [InlineData("AADSTS999999: Something new.", "az login")]
    public async Task A_refusal_of_Entra_is_reported_with_its_code_and_a_remedy(string refusal, string remedy)
    {
        var signIn = new FakeSignInServices(_hosts) { EntraError = refusal, ManagedIdentities = [OtherClient] };

        var error = await FailsAsync();

        Assert.Equal("GAN9002", error.Code);
        Assert.Contains(refusal[..refusal.IndexOf(':', StringComparison.Ordinal)], error.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeSignInServices.JobToken, error.ToString(), StringComparison.Ordinal);

        // The service connection is chosen explicitly: the machine's own identity does not replace it.
        Assert.Empty(signIn.IssuedTokens);
    }

    [Theory]
    [InlineData("not a guid", null, null)]
    [InlineData(null, "two words", null)]
    [InlineData(null, null, "prod-connection")]
    [InlineData(null, null, FakeSignInServices.Connection)]
    [InlineData(FakeSignInServices.Client, null, FakeSignInServices.Connection)]
    public void A_malformed_identity_is_refused_when_it_is_declared(string? client, string? tenant, string? connection)
    {
        var identity = new AzureIdentity { ClientId = client, TenantId = tenant, ServiceConnectionId = connection };
        var environment = new PromotionEnvironment("prod") { Identity = identity };

        var error = Assert.Throws<GantryException>(() => EnvironmentSet.Create([environment]));

        Assert.Equal("GAN9010", error.Code);
        Assert.Contains("'prod'", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_cloud_is_refused()
    {
        var error = Assert.Throws<GantryException>(() => AzureCloud.Parse("AzureGermanCloud"));

        Assert.Equal("GAN9009", error.Code);
        Assert.Contains("AzureUSGovernment", error.Remedy, StringComparison.Ordinal);
    }

    private void Tool(string name, string script)
    {
        var path = _tools.Write(name, System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n{script}\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private AzureSession CreateSession() => new(new AzureSessionOptions
    {
        Variable = _variables.GetValueOrDefault,
        Handler = _hosts,
        Notice = _notices.Add,
        Log = _log.Add,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    });

    private async Task<string> SignInAsync(AzureIdentity? identity = null)
    {
        using var session = CreateSession();
        return (await session.Credential(identity, AzureCloud.Public).GetTokenAsync(new TokenRequestContext([Registry]), default)).Token;
    }

    private Task<GantryException> FailsAsync(AzureIdentity? identity = null) =>
        Assert.ThrowsAsync<GantryException>(() => SignInAsync(identity));
}
