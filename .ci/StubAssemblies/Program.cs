using StubAssemblies;

var framework = new Framework();
if (args is ["facts", var output, var listed, .. var assemblies])
    File.WriteAllLines(output, new FactFinder(framework).Find(assemblies, Listing.Read(listed)));
else if (args is ["make", var folder, var listing, var facts, .. var parts] && parts.Length > 0)
{
    var division = parts.Select(part => part.Split('=')).Select(part => (part[0], part.Length > 1 ? $"{part[1]}." : "")).ToList();
    var lines = Listing.Read(listing);
    Directory.CreateDirectory(folder);
    foreach (var module in new StubMaker(framework, Facts.Read(facts), division).Make(lines))
        module.Assembly.Write(Path.Combine(folder, $"{module.Assembly.Name.Name}.dll"));
    Console.WriteLine($"{lines.Count} types and members of {Path.GetFileName(listing)} in {folder}");
}
else
{
    Console.Error.WriteLine("""
        usage: make FOLDER LISTING FACTS NAME[=NAMESPACE]...   assemblies of these names; types of a namespace go into the one that has it
               facts OUT LISTING ASSEMBLY...                   what the listing does not say of these assemblies
        """);
    return 2;
}
return 0;
