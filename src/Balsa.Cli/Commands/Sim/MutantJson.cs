using System.Text.Json;

namespace Balsa.Cli.Commands.Sim;

/// <summary>The report of a hunt as one object.</summary>
internal static class MutantJson
{
    internal static void Write(Utf8JsonWriter json, MutantReport report)
    {
        json.WriteNumber("planted", report.Planted);
        json.WriteNumber("caught", report.Caught);
        json.WriteNumber("caughtBySimulator", report.CaughtBySimulator);
        WriteNames(json, "missed", report.Missed);
        WriteNames(json, "caughtByScenariosOnly", report.ByScenariosOnly);
        json.WriteNumber("legalVariants", report.LegalVariants);
        json.WriteNumber("falseAlarms", report.FalseAlarms);
        json.WriteNumber("medianSeconds", Math.Round(report.MedianSeconds, 3));
        json.WriteNumber("slowestSeconds", Math.Round(report.SlowestSeconds, 3));
        json.WriteStartObject("layers");
        foreach (var (layer, count) in report.Layers)
        {
            json.WriteStartObject(layer);
            json.WriteNumber("planted", count.Planted);
            json.WriteNumber("caught", count.Caught);
            json.WriteNumber("legalVariants", count.LegalVariants);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("oracles");
        foreach (var (oracle, mutants) in report.Oracles) WriteNames(json, oracle, mutants);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IEnumerable<string> mutants)
    {
        json.WriteStartArray(name);
        foreach (var mutant in mutants) json.WriteStringValue(mutant);
        json.WriteEndArray();
    }
}
