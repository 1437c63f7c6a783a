import { useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { registry } from "@web/core/registry";
import { checkFileSize } from "@web/core/utils/files";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";

/** A file to choose, or to drop onto the field. */
export class LeadImportFile extends BinaryField {
    static template = "lead_distribution.LeadImportFile";
    static defaultProps = { acceptedFileExtensions: ".xlsx,.xls,.ods,.csv,.txt,.tsv" };

    setup() {
        super.setup();
        this.zone = useRef("zone");
        useDropzone(this.zone, (ev) => this.onDrop(ev), "o_ld_dropzone");
    }

    async onDrop(ev) {
        const [file] = ev.dataTransfer.files;
        if (!file || !checkFileSize(file.size, this.notification)) {
            return;
        }
        const data = await getDataURLFromFile(file);
        await this.update({ data: data.split(",")[1], name: file.name });
    }
}

registry.category("fields").add("lead_import_file", {
    ...binaryField,
    component: LeadImportFile,
    displayName: _t("File to import"),
});
