using App;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddHealthChecks();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJson.Default));
builder.Services.AddSingleton(services => BuildInformation.Of(typeof(Program).Assembly, services.GetRequiredService<IConfiguration>()));

var app = builder.Build();
app.MapHealthChecks("/healthz");
app.MapGet("/version", (BuildInformation build) => build);
app.MapGet("/", (BuildInformation build) => Results.Content(Page.Render(build), "text/html; charset=utf-8"));
await app.RunAsync();
