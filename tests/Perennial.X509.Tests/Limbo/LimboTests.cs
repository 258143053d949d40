namespace Perennial.X509.Tests.Limbo;

public sealed class LimboTests(ITestOutputHelper output)
{
    private const string Absent =
        "The corpus x509-limbo.json is absent: put it into a folder shared/corpora beside the repository, or name its folder in PERENNIAL_CORPORA.";

    [Fact]
    public void Every_case_that_concerns_client_authentication_is_judged_rightly()
    {
        var corpus = Load();
        var judged = corpus.Cases.Where(c => LimboTable.ReasonToExclude(c) is null).Select(c => (Case: c, Refusal: LimboRun.Judge(c))).ToList();
        var falseAccepts = judged.Where(j => j.Refusal is null && !j.Case.MustBeAccepted).Select(j => j.Case.Id).ToList();
        var refused = judged.Where(j => j.Refusal is not null && j.Case.MustBeAccepted).ToList();
        var explained = refused.Count(j => LimboTable.ReasonToRefuse(j.Case) is not null);
        var tally = $"x509-limbo: {judged.Count - refused.Count - falseAccepts.Count} agree, {corpus.Cases.Count - judged.Count} excluded, "
            + $"{explained} explained refusals, {falseAccepts.Count} false accepts, {refused.Count - explained} false refusals";
        output.WriteLine(tally);
        Console.WriteLine(tally);

        Assert.Empty(falseAccepts);
        Assert.Empty(refused.Where(j => LimboTable.ReasonToRefuse(j.Case) is null).Select(j => $"{j.Case.Id}: {j.Refusal!.Detail}"));
    }

    [Fact]
    public void Every_case_named_in_the_table_is_in_the_corpus()
    {
        var known = Load().Cases.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        Assert.All(LimboTable.NamedCases, id => Assert.Contains(id, known));
    }

    [Fact]
    public void Every_explained_refusal_is_still_refused() =>
        Assert.All(Load().Cases.Where(c => LimboTable.ReasonToRefuse(c) is not null), c => Assert.NotNull(LimboRun.Judge(c)));

    private static LimboCorpus Load()
    {
        var corpus = LimboCorpus.TryLoad();
        Assert.SkipWhen(corpus is null, Absent);
        return corpus!;
    }
}
