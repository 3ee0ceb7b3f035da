using Mono.Cecil;
using StubAssemblies;

var framework = new Framework();
if (args is ["facts", var output, var listed, .. var assemblies])
{
    File.WriteAllLines(output, new FactFinder(framework).Find(assemblies, Listing.Read(listed)));
    return 0;
}
if (args is ["make", var folder, var listing, var facts, .. var parts] && parts.Length > 0)
{
    var division = parts.Select(part => part.Split('=')).Select(part => (part[0], part.Length > 1 ? $"{part[1]}." : "")).ToList();
    Directory.CreateDirectory(folder);
    foreach (var assembly in new StubMaker(framework, Facts.Read(facts), division).Make(Listing.Read(listing)))
        assembly.Write(Path.Combine(folder, $"{assembly.Name.Name}.dll"));
    return Verify(listing, facts, [.. division.Select(part => Path.Combine(folder, $"{part.Item1}.dll"))]);
}
Console.Error.WriteLine("""
    usage: make FOLDER LISTING FACTS NAME[=NAMESPACE]...   assemblies of these names; types of a namespace go into the one that has it
           facts OUT LISTING ASSEMBLY...                   what the listing does not say of these assemblies
    """);
return 2;

// The assemblies have every line of the listing and every fact, but for members of types that are not listed themselves.
int Verify(string listing, string facts, List<string> made)
{
    var lines = Listing.Read(listing);
    var types = lines.OfType<ListedType>().Select(type => type.Name).ToHashSet();
    var expected = lines.Where(line => line is not ListedMember member || types.Contains(member.Type)).Select(line => line.Text).ToList();
    var missing = expected.Except(made.SelectMany(file => ListingPrinter.Print(ModuleDefinition.ReadModule(file))))
        .Concat(Listing.ReadText(facts).Except(new FactFinder(framework).Find(made, lines))).ToList();
    missing.ForEach(line => Console.Error.WriteLine($"the stub assemblies lack: {line}"));
    Console.WriteLine($"stubs of {expected.Count} types and members of {Path.GetFileName(listing)}");
    return missing.Count == 0 ? 0 : 1;
}
